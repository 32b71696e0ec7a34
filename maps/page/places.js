/* Zooming to a region or a distant island. */

import { $, element, fill, targetOf } from "./dom.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

/**
 * What a place to zoom to is: an area, a region, or the first view.
 *
 * @param {string} place
 */
export function parsePlace(place) {
  return { kind: place.split(":")[0], one: place.slice(place.indexOf(":") + 1) };
}

/**
 * Whether a country is tall: its people list its regions from north to south then.
 *
 * @param {PageData["home"]} home
 */
export function isTall([west, south, east, north]) {
  return north - south > 2 * (east - west);
}

/** The choice of regions and distant islands. */
export class Places {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {Actions} actions
   */
  constructor(areas, words, actions) {
    this.areas = areas;
    this.words = words;
    this.actions = actions;
    /** @type {HTMLSelectElement} */
    this.select = $("#place");
    this.select.addEventListener("change", (event) => {
      /** @type {HTMLSelectElement} */
      const target = targetOf(event);
      this.zoomTo(target.value);
    });
  }

  sortedRegions() {
    const { areas, words } = this;
    const tall = isTall(areas.data.home);
    const top = (/** @type {string} */ region) => {
      const box = areas.bounds(areas.inRegion(region));
      return box.isValid() ? box.getNorth() : -90;
    };
    return [...areas.regions].sort((a, b) => (tall ? top(b) - top(a) : a.localeCompare(b, words.lang)));
  }

  show() {
    const { areas, select, words } = this;
    const option = (/** @type {string} */ value, /** @type {string} */ said) => element("option", said, { value });
    const group = (/** @type {string} */ key, /** @type {HTMLElement[]} */ entries) =>
      element("optgroup", entries, { label: words.text(key) });
    const places = [option("home", words.text("find.home"))];
    const regions = areas.regions.length > 1 ? this.sortedRegions() : [];
    const far = areas.byName(areas.data.far, words.lang).map((i) => option(`area:${i}`, areas.name(i)));
    if (regions.length) places.push(group("find.regions", regions.map((one) => option(`region:${one}`, one))));
    if (far.length) places.push(group("find.far", far));
    const chosen = select.value;
    fill(select, ...places);
    select.value = chosen || "home";
  }

  /** @param {string} place */
  zoomTo(place) {
    const { actions, areas } = this;
    const { kind, one } = parsePlace(place);
    if (kind === "area") return actions.go(areas.bounds([Number(one)]), 0.3);
    actions.showPart(kind === "region" ? one : null);
    if (kind === "home") return actions.goHome();
    const near = areas.inRegion(one).filter((i) => !areas.data.far.includes(i));
    return actions.go(areas.bounds(near.length ? near : areas.inRegion(one)));
  }

  /** The table shows all areas again: no region is chosen any more. */
  leaveRegion() {
    if (this.select.value.startsWith("region:")) this.select.value = "home";
  }
}
