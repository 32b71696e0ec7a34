/* The card of one area. */

import { $, button, element, fill } from "./dom.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

export class Card {
  /**
   * @param {Areas} areas
   * @param {Words} words
   * @param {Actions} actions
   */
  constructor(areas, words, actions) {
    this.areas = areas;
    this.words = words;
    this.actions = actions;
    this.box = $("#card");
  }

  /**
   * Show the card of area i; null for none.
   *
   * @param {number | null} i
   */
  show(i) {
    const { actions, areas, box, words } = this;
    box.hidden = i === null;
    if (i === null) return;
    const place = [areas.value("province", i), areas.value("region", i)].filter((one) => one !== null);
    const notes = [[...new Set(place)].join(", "), areas.shapes[i].length ? "" : words.text("card.nowhere")];
    fill(
      box,
      button("×", actions.shut, { class: "close", "aria-label": words.text("card.close") }),
      element("h2", areas.name(i)),
      ...notes.filter(Boolean).map((note) => element("p", note, { class: "subtitle" })),
      factsOf({ areas, words, link: actions.link }, i)
    );
    box.scrollTop = 0;
  }
}
