/* Finding an area by its name, other spellings in use or its code. */

import { $, element, fill } from "./dom.js";
import { foldName, matchNames } from "./names.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

const OFFERED = 8; // while a name is typed
const LISTED = 60; // where a whole name means several areas

/**
 * Where an arrow key leads from option k of some, of which -1 is none.
 *
 * @param {number} k
 * @param {number} step
 * @param {number} many
 */
export function nextOption(k, step, many) {
  return (k + step + many + (k < 0 && step < 0 ? 1 : 0)) % many;
}

export class Search {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {Actions} actions
   */
  constructor(areas, words, actions) {
    this.areas = areas;
    this.words = words;
    this.actions = actions;
    /** @type {HTMLInputElement} */
    this.input = $("#name");
    this.list = $("#options");
    /** @type {number[]} */
    this.options = [];
    this.at = -1; // which option the arrow keys are on
    const names = (areas.data.columns.area_name || []).map((one) => [foldName(one || "")]);
    this.called = [names, areas.data.other.map((spellings) => spellings.map(foldName))];
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("keydown", (event) => this.move(event));
    this.input.addEventListener("blur", () => this.offer([]));
    $("#find").addEventListener("submit", (event) => {
      event.preventDefault();
      this.find();
    });
  }

  /** @param {string} wanted */
  matches(wanted) {
    return matchNames(wanted, this.called, (found) => this.areas.byName(found, this.words.lang));
  }

  // ---- Options -------------------------------------------------------------------------------------------------

  /** @param {number[]} found */
  offer(found) {
    this.options = found;
    this.at = -1;
    this.showOptions();
  }

  /**
   * @param {number} i
   * @param {number} k
   */
  option(i, k) {
    const region = this.areas.value("region", i);
    const name = this.areas.name(i);
    const parts = region === null ? [name] : [name, " ", element("small", region)];
    const made = element("li", parts, { id: `option-${k}`, role: "option", "aria-selected": k === this.at });
    made.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    made.addEventListener("click", () => this.choose(i));
    return made;
  }

  showOptions() {
    const { at, input, list, options } = this;
    fill(list, ...options.map((i, k) => this.option(i, k)));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", `option-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  /** @param {number} i */
  choose(i) {
    this.offer([]);
    this.input.value = this.areas.name(i);
    this.actions.open(i, { move: true });
  }

  // ---- What the reader does ------------------------------------------------------------------------------------

  suggest() {
    const wanted = foldName(this.input.value);
    fill($("#found"));
    this.offer(wanted ? this.matches(wanted).all.slice(0, OFFERED) : []);
  }

  find() {
    const { at, words } = this;
    const wanted = foldName(this.input.value);
    if (at >= 0) {
      this.choose(this.options[at]);
      return;
    }
    this.clear();
    if (!wanted) return;
    const { exact, all } = this.matches(wanted);
    const sure = exact.length ? exact : all;
    if (sure.length === 1) {
      this.choose(sure[0]);
      return;
    }
    fill($("#found"), words.text(all.length ? "find.several" : "find.none", { n: words.number(all.length) }));
    this.offer(all.slice(0, LISTED));
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!this.options.length) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // closes the list, not the card
      this.offer([]);
    } else if (step) {
      event.preventDefault();
      this.at = nextOption(this.at, step, this.options.length);
      this.showOptions();
    }
  }

  /** Take away what was found. */
  clear() {
    fill($("#found"));
    this.offer([]);
  }
}
