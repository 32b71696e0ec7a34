/* What the card says of the support that people returning to an area meet. */

import { element } from "./dom.js";
import { capital } from "./words.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */

const SOME = 3; // needs of which nothing is known are named up to so many

/**
 * @param {{ areas: Areas, words: Words }} sources
 * @param {number} i
 */
export function supportOf({ areas, words }, i) {
  const told = areas.data.channels.flatMap((column) => {
    const code = areas.value(column, i);
    return code === null ? [] : [words.text(`card.${column}`, { value: words.label("support", code) })];
  });
  const lines = [...gapOf(areas, words, i), ...told].map((said) => element("span", capital(said), { class: "line" }));
  return lines.length ? lines : null;
}

/**
 * What is offered, who is left without a place, and which needs are served.
 *
 * @param {Areas} areas
 * @param {Words} words
 * @param {number} i
 */
export function gapOf(areas, words, i) {
  const status = areas.value("support_status", i);
  if (status === null) return [];
  const lines = [words.label("support_status", status)];
  const provider = areas.value("provider", i);
  if (provider) lines.push(words.text("card.provider", { value: words.label("provider", provider) }));
  if (status === "yes") lines.push(capacityOf(areas, words, i));
  lines.push(...unmetSaid(areas.knownCount("unmet", i), words));
  if (areas.data.needs && status !== "not asked") lines.push(needsSaid(areas.data.needs, words, i));
  return lines;
}

/**
 * @param {Areas} areas
 * @param {Words} words
 * @param {number} i
 */
function capacityOf(areas, words, i) {
  const [low, high] = areas.numbers(i, "capacity_low", "capacity_high");
  if (high === null) return words.text("card.capacity_unknown");
  const between = words.text("card.between", { low: words.number(low), high: words.number(high) });
  return words.text("card.capacity", { value: low === high ? words.number(low) : between });
}

/**
 * @param {Known} known
 * @param {Words} words
 */
export function unmetSaid({ low, exact, high }, words) {
  if (exact !== null) return [words.text("card.unmet", { value: words.number(exact) })];
  if (high !== null) return [words.text("card.unmet_open", { low: words.number(low), high: words.number(high) })];
  return low ? [words.text("card.unmet_least", { low: words.number(low) })] : [];
}

/**
 * Which needs are served in area i, which are not, and of which nothing is known.
 *
 * @param {Record<string, string[]>} needs
 * @param {number} i
 */
export function needsByAnswer(needs, i) {
  const of = (/** @type {string} */ letter) => Object.keys(needs).filter((code) => needs[code][i] === letter);
  return { served: of("s"), lacking: of("n"), denied: of("d"), unknown: of("u") };
}

/**
 * @param {Record<string, string[]>} needs
 * @param {Words} words
 * @param {number} i
 */
export function needsSaid(needs, words, i) {
  const { served, lacking, denied, unknown } = needsByAnswer(needs, i);
  const many = Object.keys(needs).length;
  if (denied.length) return words.text("card.needs_denied");
  if (unknown.length === many) return words.text("card.needs_unknown");
  if (lacking.length === many) return words.text("card.needs_none", { n: words.number(many) });
  const named = (/** @type {string[]} */ some) => some.map((code) => words.label("need", code)).join(", ");
  const listed = (/** @type {string[]} */ some) => named(some) || words.number(0);
  const open = unknown.length > SOME ? words.number(unknown.length) : listed(unknown);
  return words.text("card.needs", { served: listed(served), lacking: listed(lacking), unknown: open });
}
