/* The table of areas, beside the map and linked with it: pointing at a row marks its area and the reverse, a click
   or Enter opens the card. Only the rows in sight are drawn, so that thousands of areas are as light as a few. */

import { $, button, element, fill, targetOf } from "./dom.js";
import { swatch } from "./look.js";
import { rowAfter, rowsInSight, sortAreas } from "./order.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

/** @typedef {"rank" | "area_name" | "rate" | "releases" | "population"} ColumnKey */

/**
 * A column: by what it is sorted, by what else where that is missing, and how it is written.
 *
 * @typedef {object} Column
 * @property {ColumnKey} key
 * @property {(i: number) => string | number | null} of
 * @property {(i: number) => number | null} then
 * @property {(i: number) => string} write
 */

/**
 * The columns that there are values for.
 *
 * @param {Areas} areas
 * @param {Words} words
 * @returns {Column[]}
 */
function columnsOf(areas, words) {
  const none = () => null;
  const name = (/** @type {number} */ i) => areas.name(i);
  const count = (/** @type {number} */ i) => areas.knownCount("releases", i);
  const rate = (/** @type {number} */ i) => areas.knownRate(i);
  /** @type {(key: "rank" | "population", missing: string) => Column} */
  const plain = (key, missing) => {
    const of = (/** @type {number} */ i) => areas.value(key, i);
    const write = (/** @type {number} */ i) => (of(i) === null ? missing : words.number(of(i)));
    return { key, of, then: none, write };
  };
  /** @type {Column[]} */
  const columns = [
    plain("rank", ""),
    { key: "area_name", of: name, then: none, write: name },
    { key: "rate", of: (i) => rate(i).exact, then: (i) => rate(i).high, write: (i) => words.brief(rate(i), 1) },
    { key: "releases", of: (i) => count(i).exact, then: (i) => count(i).high, write: (i) => words.brief(count(i)) },
    plain("population", "—"),
  ];
  return columns.filter(({ key }) => areas.data.columns[key]);
}

/**
 * The area of the row that an event is about.
 *
 * @param {Event} event
 */
function areaAt(event) {
  const found = /** @type {HTMLElement | null} */ (targetOf(event).closest("tr[data-area]"));
  return found ? Number(found.dataset.area) : null;
}

export class AreaTable {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {Actions} actions
   */
  constructor(areas, words, actions) {
    this.areas = areas;
    this.words = words;
    this.actions = actions;
    this.box = $("#table .rows");
    this.grid = $("#table .rows table");
    this.head = $("#table .rows thead");
    /** @type {HTMLTableSectionElement} */
    this.body = $("#table .rows tbody");
    this.columns = columnsOf(areas, words);
    this.layer = areas.data.layers[0];
    this.sorted = { key: /** @type {ColumnKey} */ ("rate"), falling: true };
    /** @type {number[]} */
    this.order = []; // areas in the order of their rows
    this.height = 34; // of a row; measured when there is one
    /** @type {string | null} */
    this.part = null; // the region that the table is limited to
    /** @type {number | null} */
    this.active = null; // the area that the arrow keys are on
    /** @type {number | null} */
    this.pointed = null;
    /** @type {number | null} */
    this.chosen = null;
    this.listen();
  }

  listen() {
    const { actions, body, box, grid } = this;
    box.addEventListener("scroll", () => this.render(), { passive: true });
    body.addEventListener("mouseover", (event) => actions.point(areaAt(event)));
    body.addEventListener("mouseleave", () => actions.point(null));
    body.addEventListener("click", (event) => {
      const i = areaAt(event);
      if (i !== null) actions.open(i, { move: true });
    });
    grid.addEventListener("keydown", (event) => this.press(event));
    grid.addEventListener("focus", () => this.active !== null && actions.point(this.active));
    grid.addEventListener("blur", () => actions.point(null));
    $("#part button").addEventListener("click", () => actions.showPart(null));
    new ResizeObserver(() => this.render()).observe(box);
  }

  // ---- Order ---------------------------------------------------------------------------------------------------

  sort() {
    const { areas, sorted, words } = this;
    const column = /** @type {Column} */ (this.columns.find((one) => one.key === sorted.key));
    const named = areas.byName(areas.inRegion(this.part), words.lang);
    this.order = sortAreas(named, column.of, column.then, sorted.falling, words.lang);
  }

  /** @param {ColumnKey} key */
  sortBy(key) {
    const { sorted } = this;
    const falling = sorted.key === key ? !sorted.falling : !["area_name", "rank"].includes(key);
    this.sorted = { key, falling };
    this.box.scrollTop = 0;
    this.show();
    /** @type {HTMLElement} */ (this.head.querySelector(`[data-key="${key}"]`)).focus();
  }

  // ---- Rows ----------------------------------------------------------------------------------------------------

  /**
   * @param {Column} column
   * @param {number} i
   */
  cell({ key, write }, i) {
    const said = write(i);
    if (key !== "area_name") return element("td", said, { class: key });
    const { area } = this.areas.data.lines;
    const look = swatch(this.layer, this.layer.of[i], area, { width: 14, height: 14 });
    return element("th", [look, said], { class: key, scope: "row", title: said });
  }

  /**
   * @param {number} i
   * @param {number} k
   */
  row(i, k) {
    const state = { "aria-selected": i === this.chosen, "aria-rowindex": k + 2, "data-area": i, id: `row-${i}` };
    const made = element("tr", this.columns.map((column) => this.cell(column, i)), state);
    if (i === this.active) made.classList.add("active");
    if (i === this.pointed) made.classList.add("pointed");
    return made;
  }

  /**
   * What stands in place of the rows that are not drawn.
   *
   * @param {number} rows
   */
  gap(rows) {
    const made = element("tr", element("td"), { class: "gap", "aria-hidden": "true" });
    made.style.height = `${rows * this.height}px`;
    return made;
  }

  render() {
    const { body, box, order } = this;
    const { first, last } = rowsInSight({ top: box.scrollTop, height: box.clientHeight }, this.height, order.length);
    const rows = order.slice(first, last).map((i, k) => this.row(i, first + k));
    fill(body, this.gap(first), ...rows, this.gap(order.length - last));
    if (rows.length) this.height = rows[0].getBoundingClientRect().height || this.height;
  }

  /** @param {Column} column */
  heading({ key }) {
    const { falling } = this.sorted;
    const here = key === this.sorted.key;
    const arrow = element("span", here ? (falling ? "▼" : "▲") : "", { "aria-hidden": "true" });
    const press = button([this.words.text(`table.${key}`), arrow], () => this.sortBy(key), { "data-key": key });
    const way = here ? (falling ? "descending" : "ascending") : "none";
    return element("th", press, { scope: "col", class: key, "aria-sort": way });
  }

  showHead() {
    const { areas, order, part, words } = this;
    fill(this.head, element("tr", this.columns.map((column) => this.heading(column)), { "aria-rowindex": 1 }));
    this.grid.setAttribute("aria-rowcount", String(order.length + 1));
    $("#part").hidden = part === null;
    const many = { region: part, k: words.number(order.length), n: words.number(areas.all.length) };
    if (part !== null) fill($("#part span"), words.text("table.part", many));
  }

  show() {
    this.sort();
    this.showHead();
    this.render();
    this.reach(this.active);
  }

  /** @param {Layer} layer */
  showLayer(layer) {
    this.layer = layer;
    this.render();
  }

  /**
   * Limit the table to a region; null for none.
   *
   * @param {string | null} region
   */
  showPart(region) {
    this.part = region;
    this.box.scrollTop = 0;
    this.show();
  }

  // ---- Links with the map --------------------------------------------------------------------------------------

  /** @param {number} i */
  reveal(i) {
    const { box, height } = this;
    const k = this.order.indexOf(i);
    if (k < 0) return;
    const over = (k + 1) * height - (box.clientHeight - this.head.offsetHeight);
    if (k * height < box.scrollTop) box.scrollTop = k * height;
    else if (over > box.scrollTop) box.scrollTop = over;
    this.render();
  }

  /**
   * Tell readers of the screen which row the keys are on, if there is one.
   *
   * @param {number | null} i
   */
  reach(i) {
    this.active = i !== null && this.order.includes(i) ? i : null;
    if (this.active === null) this.grid.removeAttribute("aria-activedescendant");
    else this.grid.setAttribute("aria-activedescendant", `row-${this.active}`);
  }

  /** @param {number} i */
  goTo(i) {
    this.reach(i);
    this.reveal(i);
    this.actions.point(i);
  }

  /**
   * Show that area i is chosen; null for none.
   *
   * @param {number | null} i
   */
  choose(i) {
    this.chosen = i;
    this.reach(i);
    if (i === null || !this.order.includes(i)) this.render();
    else this.reveal(i);
  }

  /**
   * Show that area i is pointed at; null for none.
   *
   * @param {number | null} i
   */
  point(i) {
    this.pointed = i;
    for (const one of this.body.rows) one.classList.toggle("pointed", Number(one.dataset.area) === i);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { active, box, order } = this;
    if (event.target !== this.grid || !order.length) return;
    const page = Math.max(1, Math.floor(box.clientHeight / this.height) - 1);
    const to = rowAfter(event.key, active === null ? -1 : order.indexOf(active), order.length, page);
    if (to !== null) {
      event.preventDefault();
      this.goTo(order[to]);
    } else if (["Enter", " "].includes(event.key) && active !== null) {
      event.preventDefault();
      this.actions.open(active, { move: true });
    }
  }
}
