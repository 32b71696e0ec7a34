/* Print: for its time the page takes the shape of a sheet of paper, and the map shows what it showed. */

import { $ } from "./dom.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./overview.js").Overview} Overview */

const SIZES = [9.5, 9, 8.5, 8, 7.5, 7]; // of print, in points

export class Print {
  /**
   * @param {Areas} areas
   * @param {L.Map} map
   * @param {Overview} overview
   * @param {() => number | null} chosen - the area whose card is open
   */
  constructor(areas, map, overview, chosen) {
    this.areas = areas;
    this.map = map;
    this.overview = overview;
    this.chosen = chosen;
    this.root = document.documentElement;
    this.before = { home: overview.shown, centre: map.getCenter(), zoom: map.getZoom() };
    $("#print").addEventListener("click", () => window.print());
    window.addEventListener("beforeprint", () => this.arrange());
    window.addEventListener("afterprint", () => this.restore());
  }

  arrange() {
    const { areas, map, overview, root } = this;
    const chosen = areas.withShape([this.chosen()].filter((i) => i !== null));
    const seen = chosen.length ? areas.bounds(chosen).pad(1) : map.getBounds();
    this.before = { home: overview.shown, centre: map.getCenter(), zoom: map.getZoom() };
    root.classList.add("printing");
    this.fitPage();
    map.invalidateSize({ pan: false });
    if (this.before.home && !chosen.length) overview.show();
    else map.fitBounds(seen, { animate: false });
  }

  /** Smaller print where texts are long; if that is not enough, without what holds for every map. */
  fitPage() {
    const { root } = this;
    const page = $(".page");
    const full = () => page.scrollHeight > page.clientHeight;
    root.classList.remove("crammed");
    for (const size of SIZES) {
      root.style.setProperty("--print", `${size}pt`);
      if (!full()) return;
    }
    root.classList.add("crammed");
    if (full()) root.style.setProperty("--print", "6pt");
  }

  restore() {
    const { before, map, overview, root } = this;
    root.classList.remove("printing");
    map.invalidateSize({ pan: false });
    if (before.home) overview.show();
    else map.setView(before.centre, before.zoom, { animate: false });
  }
}
