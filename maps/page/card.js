/* The card of one area. */

import { $, button, element, fill } from "./dom.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

/**
 * Show the card of area i; null for none.
 *
 * @param {Areas} areas
 * @param {Words} words
 * @param {Actions} actions
 * @param {number | null} i
 */
export function showCard(areas, words, actions, i) {
  const card = $("#card");
  card.hidden = i === null;
  if (i === null) return;
  const place = [areas.value("province", i), areas.value("region", i)].filter((one) => one !== null);
  const notes = [[...new Set(place)].join(", "), areas.shapes[i].length ? "" : words.text("card.nowhere")];
  fill(
    card,
    button("×", actions.shut, { class: "close", "aria-label": words.text("card.close") }),
    element("h2", areas.name(i)),
    ...notes.filter(Boolean).map((note) => element("p", note, { class: "subtitle" })),
    factsOf({ areas, words, link: actions.link }, i)
  );
  card.scrollTop = 0;
}
