/* Insets beside the first view: of the region whose areas are too small there, and of distant territories. */

import { $, element, fill } from "./dom.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {(box: HTMLElement, show: (map: L.Map) => L.Map) => Drawing} Still */

const FAR = 3; // distant territories that have an inset
const PIXELS = 150; // as many an area needs
const FEW = 6; // fewer areas need no inset

/**
 * The one in the middle; of an even number the higher of the two.
 *
 * @param {number[]} values
 */
export function middleOf(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Whether the page has the shape of a sheet of paper, which has smaller insets. */
const onPaper = () => document.documentElement.classList.contains("printing");

export class Insets {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {L.Map} main
   * @param {Still} draw
   */
  constructor(areas, words, main, draw) {
    this.areas = areas;
    this.words = words;
    this.main = main;
    this.draw = draw;
    this.box = $("#insets");
    /** @type {{ heading: HTMLElement, naming: () => string, map: L.Map, target: L.LatLngBounds }[]} */
    this.framed = [];
  }

  /**
   * The six tenths of a region's areas that stand nearest to its middle.
   *
   * @param {number[]} members
   */
  core(members) {
    const centres = members.map((i) => this.areas.bounds([i]).getCenter());
    const middle = L.latLng(middleOf(centres.map((at) => at.lat)), middleOf(centres.map((at) => at.lng)));
    const far = (/** @type {number} */ k) => this.main.distance(centres[k], middle);
    const near = members.map((_, k) => k).sort((a, b) => far(a) - far(b));
    return near.slice(0, Math.ceil(members.length * 0.6)).map((k) => members[k]);
  }

  /**
   * The region whose core has the fewest pixels to an area; none if every core has enough.
   *
   * @param {number} zoom
   */
  crowded(zoom) {
    const cores = this.areas.regions.flatMap((region) => {
      const members = this.core(this.areas.withShape(this.areas.inRegion(region)));
      if (members.length < FEW) return [];
      const box = this.areas.bounds(members);
      const [a, b] = [box.getNorthWest(), box.getSouthEast()].map((corner) => this.main.project(corner, zoom));
      return [{ region, box, room: ((b.x - a.x) * (b.y - a.y)) / members.length }];
    });
    return cores.filter((one) => one.room < PIXELS).sort((a, b) => a.room - b.room)[0];
  }

  /** @param {HTMLElement} frame */
  fitIn(frame) {
    return frame.clientHeight >= 560 && (frame.clientWidth >= 480 || onPaper());
  }

  /**
   * @param {L.LatLngBounds} target
   * @param {() => string} naming
   * @param {"core" | "far"} kind
   */
  add(target, naming, kind) {
    const box = element("div");
    const heading = element("p");
    this.box.append(element("div", [heading, box], { class: `inset ${kind}` }));
    const { map } = this.draw(box, (made) => made.fitBounds(target));
    this.framed.push({ heading, naming, map, target });
  }

  /**
   * Add those that a first view at a zoom wants.
   *
   * @param {number} zoom
   */
  addAll(zoom) {
    const { areas, words } = this;
    const found = this.crowded(zoom);
    if (found) this.add(found.box, () => words.text("find.inset", { region: found.region }), "core");
    const far = areas.withShape(areas.data.far).slice(0, found ? FAR - 1 : FAR);
    for (const i of far) this.add(areas.bounds([i]).pad(0.1), () => areas.name(i), "far");
    this.showNames();
  }

  showNames() {
    for (const { heading, naming } of this.framed) fill(heading, naming());
  }

  refit() {
    if (this.box.hidden) return;
    for (const { map, target } of this.framed) map.invalidateSize({ pan: false }).fitBounds(target, { animate: false });
  }
}
