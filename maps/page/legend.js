/* The choice of a layer, and the legend that follows it. */

import { $, button, element, fill, svg } from "./dom.js";
import { capital } from "./words.js";
import { swatch } from "./look.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./drawing.js").Radius} Radius */

/**
 * How many areas are of each class of a layer.
 *
 * @param {Layer} layer
 */
export function countClasses({ classes, of }) {
  return classes.map((_, k) => of.filter((one) => one === k).length);
}

/**
 * Which areas of a set are named, those of the highest rates first, and how many are not: one alone is not left out.
 *
 * @param {number[]} members
 */
export function abridge(members) {
  const named = members.slice(0, members.length > 5 ? 4 : 5);
  return { named, rest: members.length - named.length };
}

/**
 * @param {SVGElement} picture
 * @param {string} label
 * @param {string} [many]
 */
function row(picture, label, many = "") {
  const heading = element("th", label, { scope: "row" });
  return element("tr", [element("td", picture), heading, element("td", many, { class: "number" })]);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {SVGElement} child
 */
function picture(width, height, child) {
  return svg("svg", { width, height, "aria-hidden": "true" }, child);
}

export class Legend {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {Actions} actions
   * @param {Radius} radius
   */
  constructor(areas, words, actions, radius) {
    this.areas = areas;
    this.words = words;
    this.actions = actions;
    this.radius = radius;
    this.layer = areas.data.layers[0];
  }

  // ---- Rows ----------------------------------------------------------------------------------------------------

  classRows() {
    const { layer, words } = this;
    const { area } = this.areas.data.lines;
    const many = countClasses(layer);
    return layer.classes.map((kind, k) => row(swatch(layer, k, area), words.className(kind), words.number(many[k])));
  }

  /**
   * @param {string} key
   * @param {string} stroke
   * @param {string} dashes
   */
  lineRow(key, stroke, dashes) {
    const line = { x1: 0, x2: 28, y1: 8, y2: 8, stroke, "stroke-width": 2, "stroke-dasharray": dashes };
    return row(picture(28, 16, svg("line", line)), capital(this.words.text(key)));
  }

  lineRows() {
    const { lines, schematic } = this.areas.data;
    const dashes = schematic ? "5 3" : "none";
    const rows = [];
    if (this.areas.regions.length > 1) rows.push(this.lineRow("class.border_region", lines.region, dashes));
    if (schematic) rows.push(this.lineRow("class.border_schematic", lines.schematic, dashes));
    return rows;
  }

  /** Circles as large as they are on the map at its present scale. */
  circleRows() {
    const { words } = this;
    const sizes = this.layer.circles;
    if (!sizes) return [];
    const drawn = (/** @type {number} */ r, /** @type {Record<string, unknown>} */ look) => {
      const side = Math.max(28, Math.ceil(2 * r) + 2);
      return picture(side, side, svg("circle", Object.assign({ cx: side / 2, cy: side / 2, r }, look)));
    };
    const solid = { fill: sizes.fill, "fill-opacity": 0.7, stroke: "#ffffff" };
    const ring = { fill: "none", stroke: sizes.line, "stroke-width": 2 };
    const rows = sizes.steps.map((step) => row(drawn(this.radius(step, sizes.largest), solid), words.number(step)));
    if (sizes.open.length) {
      rows.push(row(drawn(6, ring), capital(words.text("class.ring")), words.number(sizes.open.length)));
    }
    for (const one of rows) one.className = "size";
    return rows;
  }

  showRows() {
    fill($("#legend tbody"), ...this.circleRows(), ...this.classRows(), ...this.lineRows());
  }

  /** The map has come nearer or gone away. */
  rescale() {
    if (this.layer.circles) this.showRows();
  }

  // ---- What stands around them ---------------------------------------------------------------------------------

  /** @param {Layer} layer */
  showLayer(layer) {
    this.layer = layer;
    this.show();
  }

  show() {
    const { layer, words, actions } = this;
    const { far } = this.areas.data;
    const title = words.text(`layer.${layer.id}`);
    fill($("#legend-title"), title);
    this.showRows();
    fill($("#legend .note"), words.text(`note.${layer.id}`, { method: layer.method ? layer.method[words.lang] : "" }));
    $("#far-note").hidden = !far.length;
    fill($("#far-note .links"), ...this.areas.byName(far, words.lang).map((i) => actions.link(i)));
    $("#legend .sets").hidden = !layer.sets.length;
    fill($("#legend .sets ul"), ...layer.sets.map((set) => element("li", this.setButton(set))));
    $("#status").textContent = words.text("control.shown", { layer: title });
  }

  /** @param {AreaSet} set */
  setButton({ members, rate, label }) {
    const { areas, words, actions } = this;
    const { named, rest } = abridge(members);
    const names = named.map((i) => areas.name(i)).join(", ");
    /** @type {(string | Node)[]} */
    const parts = [rest ? words.text("class.set_more", { names, n: words.number(rest) }) : names];
    if (label) parts.unshift(`${words.label("cluster", label)}: `);
    if (rate !== null) {
      parts.push(element("small", ` ${words.text("class.set_rate", { rate: words.number(rate, 1) })}`));
    }
    return button(parts, () => actions.go(areas.bounds(members), 0.1));
  }

  // ---- The choice ----------------------------------------------------------------------------------------------

  /** Radio buttons where there is room, one line on a phone. */
  showChoices() {
    const { layers } = this.areas.data;
    /** @type {HTMLSelectElement} */
    const select = $("#layer");
    const radios = $("#layers .radios");
    if (!radios.children.length) {
      const radio = (/** @type {Layer} */ { id }) => element("input", [], { type: "radio", name: "layer", value: id });
      fill(radios, ...layers.map((one) => element("label", [radio(one), element("span")])));
      fill(select, ...layers.map((one) => element("option", [], { value: one.id })));
    }
    layers.forEach((one, k) => {
      const [radio, label] = radios.children[k].children;
      /** @type {HTMLInputElement} */ (radio).checked = one === this.layer;
      fill(label, this.words.text(`layer.${one.id}`));
      fill(select.options[k], this.words.text(`layer.${one.id}`));
    });
    select.value = this.layer.id;
  }
}
