/* The tip at the mouse. */

import { $, element, fill } from "./dom.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

/**
 * What a tip says of area i beside its name, which the layer shown decides.
 *
 * @param {Areas} areas
 * @param {Words} words
 * @param {Layer} layer
 * @param {number} i
 * @returns {string[]}
 */
export function tipLines(areas, words, layer, i) {
  const { circles } = layer;
  const rate = areas.value("rate", i);
  const kind = layer.classes[layer.of[i]];
  const lines = [];
  if (circles) lines.push(`${words.alias(circles.column)}: ${words.brief(areas.knownCount(circles.column, i))}`);
  if (rate !== null) lines.push(`${words.alias("rate")}: ${words.number(rate, 1)}`);
  if (circles ? kind.hatch : layer.id !== "rate" || rate === null) lines.push(words.className(kind));
  return lines;
}

export function hideTip() {
  $("#tip").hidden = true;
}

/**
 * Show the tip of area i, above the mouse where there is room.
 *
 * @param {Areas} areas
 * @param {Words} words
 * @param {Layer} layer
 * @param {number} i
 * @param {MouseEvent} event
 */
export function showTip(areas, words, layer, i, event) {
  const tip = $("#tip");
  const lines = tipLines(areas, words, layer, i).map((line) => element("span", line));
  tip.hidden = false;
  fill(tip, element("strong", areas.name(i)), ...lines);
  const frame = $(".frame").getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  const above = y - tip.offsetHeight - 12;
  tip.style.left = `${Math.max(4, Math.min(x - tip.offsetWidth / 2, frame.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${above > 4 ? above : y + 20}px`;
}
