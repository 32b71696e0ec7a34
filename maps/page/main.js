/* Behaviour of the web map: brings its parts together. All they show comes from the JSON in #data (see
   geo/outputs/web/mappage.py). Leaflet (L) and the other parts stand above in the same file. */

import { $, $$, button, targetOf } from "./dom.js";
import { Areas } from "./areas.js";
import { Words, firstLanguage } from "./words.js";
import { addPatterns } from "./look.js";
import { Stage } from "./stage.js";
import { Drawings } from "./drawing.js";
import { Overview } from "./overview.js";
import { Legend } from "./legend.js";
import { Card } from "./card.js";
import { Search } from "./search.js";
import { Places } from "./places.js";
import { AreaTable } from "./table.js";
import { hideTip, showTip } from "./tip.js";
import { Print } from "./print.js";
import { showLinks, showTexts } from "./language.js";

class Page {
  /**
   * @param {string} id - of the element for the map
   * @param {PageData} data
   */
  constructor(id, data) {
    this.data = data;
    this.areas = new Areas(data);
    this.words = new Words(data, firstLanguage(data, navigator.languages));
    this.stage = new Stage(id, this.areas.home);
    this.layer = data.layers[0];
    /** @type {number | null} */
    this.chosen = null; // the area whose card is open
    /** @type {number | null} */
    this.pointed = null;
    /** @type {Element | null} */
    this.opener = null; // where the keys were when the card was opened
    const { areas, stage, words } = this;
    const actions = this.actions();
    /** @type {import("./drawing.js").Radius} */
    const radius = (number, largest) => stage.radius(number, largest);
    addPatterns(data.layers);
    this.legend = new Legend(areas, words, actions, radius);
    this.drawings = new Drawings({ areas, actions, radius }, this.layer);
    this.drawing = this.drawings.add(stage.map, areas.all, null);
    this.card = new Card(areas, words, actions);
    this.table = new AreaTable(areas, words, actions);
    this.search = new Search(areas, words, actions);
    this.places = new Places(areas, words, actions);
    this.overview = new Overview(areas, words, stage.map, this.drawings);
    this.print = new Print(areas, stage.map, this.overview, () => this.chosen);
  }

  /**
   * What the parts may ask of the page.
   *
   * @returns {Actions}
   */
  actions() {
    return {
      open: (i, how) => this.open(i, how),
      shut: () => this.shut(),
      point: (i, event) => this.point(i, event),
      go: (target, margin) => this.stage.go(target, margin),
      goHome: () => this.goHome(),
      showPart: (region) => this.showPart(region),
      link: (i) => this.link(i),
    };
  }

  // ---- Areas ---------------------------------------------------------------------------------------------------

  /**
   * A button that leads to an area, which is marked on the map while it is pointed at.
   *
   * @param {number} i
   */
  link(i) {
    const made = button(this.areas.name(i), () => this.open(i, { move: true }));
    for (const kind of ["mouseenter", "focus"]) made.addEventListener(kind, () => this.point(i));
    for (const kind of ["mouseleave", "blur"]) made.addEventListener(kind, () => this.point(null));
    return made;
  }

  /**
   * Mark area i on the map and in the table, with a tip if a mouse is there; null for none.
   *
   * @param {number | null} i
   * @param {MouseEvent | null} [event]
   */
  point(i, event = null) {
    if (i === null || !event) hideTip();
    else showTip(this.areas, this.words, this.layer, i, event);
    if (i === this.pointed) return;
    this.pointed = i;
    this.drawings.point(i);
    this.table.point(i);
  }

  /** @param {number | null} i */
  choose(i) {
    this.chosen = i;
    this.point(null);
    this.drawings.choose(i);
    this.card.show(i);
    this.table.choose(i);
  }

  /**
   * Open the card of area i. The map goes there if `move` is set, or where the card would cover the click.
   *
   * @param {number} i
   * @param {{ move?: boolean, at?: MouseEvent }} [how]
   */
  open(i, { move = false, at } = {}) {
    if (this.chosen === null) this.opener = document.activeElement;
    this.choose(i);
    if (move || (at && this.stage.covered(at))) this.stage.go(this.areas.bounds([i]), 0.3);
    $("#card").focus({ preventScroll: true });
    this.stage.show();
  }

  shut() {
    this.choose(null);
    const { opener } = this;
    const back = opener && opener.isConnected && opener.matches("button, input, select, [role=grid]");
    const target = back ? /** @type {HTMLElement} */ (opener) : this.stage.map.getContainer();
    target.focus({ preventScroll: true });
  }

  /** Open the area in the middle of the map, if there is one. */
  openMiddle() {
    const found = this.drawings.areaOf(this.stage.inMiddle());
    if (found !== null) this.open(found);
  }

  /** map.html#13101 opens that area. */
  openLinked() {
    const i = this.data.other.findIndex(([id]) => `#${encodeURIComponent(id)}` === window.location.hash);
    if (i >= 0) this.open(i, { move: true });
  }

  // ---- What is shown -------------------------------------------------------------------------------------------

  goHome() {
    this.overview.show();
    this.stage.show();
  }

  /** @param {string | null} region */
  showPart(region) {
    if (region === null) this.places.leaveRegion();
    this.table.showPart(region);
  }

  /** @param {Layer} layer */
  showLayer(layer) {
    this.layer = layer;
    this.drawings.showLayer(layer);
    this.legend.showLayer(layer);
    this.table.showLayer(layer);
  }

  /** @param {Language} lang */
  showLanguage(lang) {
    this.words.lang = lang;
    showTexts(this.data, this.words);
    this.legend.showChoices();
    this.overview.insets.showNames();
    this.places.show();
    this.search.clear();
    this.legend.show();
    this.table.show();
    this.card.show(this.chosen);
  }

  /** The first view stays what it is when the window changes its size. */
  followSize() {
    if (document.documentElement.classList.contains("printing")) return;
    const home = this.overview.shown;
    this.stage.map.invalidateSize({ pan: false });
    if (home) this.overview.show();
  }

  /** @param {boolean} online */
  setOnline(online) {
    this.overview.setOnline(online);
    this.drawing.dim(online ? 0.7 : 1);
  }

  // ---- What the reader does ------------------------------------------------------------------------------------

  /** @param {Event} event */
  chooseLayer(event) {
    /** @type {HTMLInputElement | HTMLSelectElement} */
    const target = targetOf(event);
    if (!target.matches("[name=layer], #layer")) return;
    const layer = this.data.layers.find((one) => one.id === target.value);
    if (layer) this.showLayer(layer);
    this.legend.showChoices();
    this.stage.bringBack();
  }

  listen() {
    const { map } = this.stage;
    map.on("zoomend", () => {
      this.drawings.rescale();
      this.legend.rescale();
    });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) this.openMiddle();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.chosen !== null) this.shut();
    });
    $("#layers").addEventListener("change", (event) => this.chooseLayer(event));
    for (const one of $$("[data-lang]")) {
      one.addEventListener("click", () => this.showLanguage(/** @type {Language} */ (one.dataset.lang)));
    }
    new ResizeObserver(() => this.followSize()).observe($(".frame"));
    window.addEventListener("hashchange", () => this.openLinked());
  }

  start() {
    const { data, stage } = this;
    showLinks(data);
    stage.addControls(() => this.goHome());
    stage.addBasemap(data.basemap, (on) => this.setOnline(on));
    this.showLanguage(this.words.lang);
    this.overview.show();
    this.listen();
    this.openLinked();
  }
}

/**
 * Bring the page to life.
 *
 * @param {string} id - of the element for the map
 */
export function retornoMap(id) {
  const page = new Page(id, JSON.parse($("#data").textContent || ""));
  page.start();
  return page.stage.map;
}
