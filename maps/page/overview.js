/* The first view. A tall country is cut into strips side by side, which show it larger; areas that are too small or
   too far away for that have insets. All of it gives way to the map as soon as the reader moves that. */

import { $, element, fill } from "./dom.js";
import { planStrips } from "./strips.js";
import { Insets } from "./insets.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Drawings} Drawings */

const [LEFT, RIGHT] = [46, 10]; // beside the strips: the buttons of the map stand on the left

/** A map that its reader cannot move. */
const STILL = {
  zoomControl: false,
  attributionControl: false,
  keyboard: false,
  dragging: false,
  scrollWheelZoom: false,
  doubleClickZoom: false,
  touchZoom: false,
  boxZoom: false,
  trackResize: false,
  zoomSnap: 0,
};

/**
 * The country on the first view, in pixels at zoom 0.
 *
 * @param {Areas} areas
 * @param {L.Map} map
 * @returns {import("./strips.js").Ground}
 */
function groundOf(areas, map) {
  const { x: left, y: top } = map.project(areas.home.getNorthWest(), 0);
  const { x: right, y: bottom } = map.project(areas.home.getSouthEast(), 0);
  const points = areas.shapes
    .flat(3)
    .map((point) => map.project(point, 0))
    .filter(({ x, y }) => x >= left - 1e-6 && x <= right + 1e-6 && y >= top - 1e-6 && y <= bottom + 1e-6);
  const spans = areas.all.map((i) => areas.bounds([i])).filter((box) => box.isValid());
  const heightOf = (/** @type {L.LatLng} */ at) => map.project(at, 0).y;
  /** @type {[number, number][]} */
  const reach = spans.map((box) => [heightOf(box.getNorthWest()), heightOf(box.getSouthEast())]);
  return { top, bottom, points, reach };
}

export class Overview {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {L.Map} main
   * @param {Drawings} drawings
   */
  constructor(areas, words, main, drawings) {
    this.areas = areas;
    this.main = main;
    this.drawings = drawings;
    this.frame = $(".frame");
    this.strips = $("#strips");
    this.insets = new Insets(areas, words, main, (box, show) => this.drawStill(box, show));
    this.ground = groundOf(areas, main);
    /** @type {Drawing[]} */
    this.drawn = []; // of the strips
    this.size = ""; // of the frame they were drawn for
    this.shown = false;
    this.online = false;
    main.on("movestart", () => this.hide());
  }

  // ---- A still drawing of a part -------------------------------------------------------------------------------

  /**
   * @param {HTMLElement} box
   * @param {(map: L.Map) => L.Map} show
   */
  drawStill(box, show) {
    const { areas } = this;
    const map = show(L.map(box, STILL));
    const seen = map.getBounds().pad(0.3); // on paper its shape is another
    const members = areas.withShape(areas.all).filter((i) => seen.intersects(areas.extents[i]));
    const made = this.drawings.add(map, members, seen);
    box.addEventListener("wheel", (event) => this.zoomAt(map, event), { passive: false });
    box.addEventListener("dblclick", (event) => this.enter(map, event, 1));
    return made;
  }

  /**
   * @param {L.Map} map
   * @param {WheelEvent} event
   */
  zoomAt(map, event) {
    if (this.main.scrollWheelZoom.enabled() && event.deltaY <= 0) this.enter(map, event, 0.5);
  }

  /**
   * The map takes over where the reader is, a little closer.
   *
   * @param {L.Map} map
   * @param {MouseEvent} event
   * @param {number} closer
   */
  enter(map, event, closer) {
    event.preventDefault();
    const { main } = this;
    const zoom = Math.round(4 * (map.getZoom() + closer)) / 4;
    const aside = main.mouseEventToContainerPoint(event).subtract(main.getSize().divideBy(2));
    const at = main.project(map.mouseEventToLatLng(event), zoom);
    main.setView(main.unproject(at.subtract(aside), zoom), zoom, { animate: false });
  }

  // ---- Strips --------------------------------------------------------------------------------------------------

  /** Only the map itself has tiles under it: it is not cut then. */
  plan() {
    const [width, height] = [this.frame.clientWidth - LEFT - RIGHT, this.frame.clientHeight - 16];
    const below = this.insets.box.offsetHeight ? this.insets.box.offsetHeight + 18 : 0;
    return planStrips(this.ground, { width, height, below }, this.online);
  }

  drawStrips() {
    this.drawings.remove(this.drawn);
    fill(this.strips);
    const { parts, scale } = this.plan();
    this.drawn = parts.length < 2 ? [] : parts.map((band) => this.drawStrip(band, scale));
    if (!this.drawn.length) return;
    L.control.scale({ imperial: false, maxWidth: 70, position: "bottomright" }).addTo(this.drawn[0].map);
  }

  /**
   * @param {import("./strips.js").Band} band
   * @param {number} scale
   */
  drawStrip(band, scale) {
    const box = element("div");
    box.style.width = `${Math.ceil((band.east - band.west) * scale) + 4}px`;
    box.style.height = `${Math.ceil((band.bottom - band.top) * scale)}px`;
    this.strips.append(box);
    const centre = L.point((band.west + band.east) / 2, (band.top + band.bottom) / 2);
    return this.drawStill(box, (map) => map.setView(map.unproject(centre, 0), Math.log2(scale)));
  }

  // ---- Coming and going ----------------------------------------------------------------------------------------

  /** @param {number} below - pixels to leave free */
  fit(below) {
    const room = { paddingTopLeft: L.point(8, 8), paddingBottomRight: L.point(8, 8 + below) };
    this.main.fitBounds(this.areas.home, Object.assign(room, { animate: false }));
  }

  reveal() {
    const { frame, insets, strips } = this;
    const roomy = insets.fitIn(frame);
    if (roomy && !insets.framed.length) insets.addAll(Math.log2(this.plan().scale));
    insets.box.hidden = !roomy;
    strips.hidden = false;
    const now = `${frame.clientWidth} × ${frame.clientHeight} ${this.online}`;
    if (now !== this.size) {
      insets.refit();
      this.drawStrips();
    }
    this.size = now;
    this.shown = true;
    strips.hidden = !this.drawn.length;
    frame.classList.toggle("cut", this.drawn.length > 0);
  }

  /**
   * Whether areas lie where the insets would stand, at the left or the right of the bottom.
   *
   * @param {"left" | "right"} side
   */
  covered(side) {
    const { frame, main } = this;
    const zoom = main.getZoom();
    const origin = main.project(main.containerPointToLatLng([0, 0]), zoom);
    const broad = this.insets.box.offsetWidth + 16;
    const [from, to] = side === "left" ? [0, broad] : [frame.clientWidth - broad, Infinity];
    const high = frame.clientHeight - this.insets.box.offsetHeight - 46;
    return this.ground.points.some((point) => {
      const [x, y] = [point.x * 2 ** zoom - origin.x, point.y * 2 ** zoom - origin.y];
      return x > from && x < to && y > high;
    });
  }

  /** Go back to the first view. */
  show() {
    const { box } = this.insets;
    this.fit(0);
    this.reveal();
    if (this.drawn.length || !box.offsetHeight) return;
    /** @type {("left" | "right")[]} */
    const sides = ["left", "right"];
    const free = sides.find((side) => !this.covered(side));
    box.classList.toggle("right", free === "right");
    if (free) return;
    this.fit(box.offsetHeight + 46);
    this.reveal();
  }

  hide() {
    this.shown = false;
    this.strips.hidden = this.insets.box.hidden = true;
    this.frame.classList.remove("cut");
  }

  /**
   * Say whether the map lies on tiles from a network.
   *
   * @param {boolean} online
   */
  setOnline(online) {
    this.online = online;
    if (this.shown) this.show();
  }
}
