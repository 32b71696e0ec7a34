/* What the card says of an area: functions that say something of area i, or null to leave the row out. A new row is
   one more entry in `ROWS`. */

import { element } from "./dom.js";
import { capital } from "./words.js";
import { supportOf } from "./support.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {{ areas: Areas, words: Words, link: Actions["link"] }} Sources */

/** @type {[(words: Words) => string, (sources: Sources, i: number) => Content | null][]} */
const ROWS = [
  [(words) => words.alias("releases"), countOf],
  [(words) => words.alias("population"), populationOf],
  [(words) => words.alias("rate"), rateSaid],
  [(words) => words.alias("rank"), rankOf],
  [(words) => words.alias("cluster"), clusterOf],
  [(words) => words.text("card.group"), groupOf],
  [(words) => words.text("card.support"), supportOf],
  [(words) => capital(words.text("card.neighbors")), neighborsOf],
  [(words) => words.text("card.printed"), printedOf],
];

/**
 * List what there is to say of an area.
 *
 * @param {Sources} sources
 * @param {number} i
 */
export function factsOf(sources, i) {
  const list = element("dl");
  for (const [heading, say] of ROWS) {
    const said = say(sources, i);
    if (said !== null) list.append(element("dt", heading(sources.words)), element("dd", said));
  }
  return list;
}

/** @param {string} content */
const small = (content) => element("span", content, { class: "small" });

/**
 * @param {Sources} sources
 * @param {number[]} members
 */
function linksTo({ areas, words, link }, members) {
  return element("span", areas.byName(members, words.lang).map(link), { class: "links" });
}

// ---- Numbers ---------------------------------------------------------------------------------------------------

/**
 * @param {Sources} sources
 * @param {number} i
 */
function countOf({ areas, words }, i) {
  if (!areas.data.columns.status && !areas.data.columns.releases) return null;
  const { low, exact, high } = areas.knownCount("releases", i);
  if (areas.unlisted(i)) return capital(words.text("card.at_most", { high: words.number(high) }));
  const interval = exact === null && low !== null && high !== null;
  const limits = { low: words.number(low), high: words.number(high) };
  const known = interval ? words.text("card.between", limits) : words.number(exact);
  const status = areas.value("status", i);
  const said = status && status !== "published" ? words.label("status", status) : known;
  return said === known ? capital(known) : [capital(known), small(capital(said))];
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function populationOf({ areas, words }, i) {
  const people = areas.value("population", i);
  if (people === null) return null;
  const source = areas.value("population_source", i);
  return [words.number(people), small(source ? words.label("population_source", source) : "")];
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function rateSaid({ areas, words }, i) {
  const [low, rate, high] = areas.numbers(i, "rate_low", "rate", "rate_high");
  const bounded = low !== null && high !== null;
  if (areas.unlisted(i) && areas.value("population", i)) {
    return capital(words.text("card.rate_at_most", { high: words.number(areas.knownRate(i).high, 1) }));
  }
  const limits = { low: words.number(low, 1), high: words.number(high, 1) };
  if (rate === null) return capital(bounded ? words.text("card.rate_unknown", limits) : words.number(null));
  const said = [element("strong", words.number(rate, 1))];
  if (bounded) said.push(small(words.text("card.interval", limits)));
  if (areas.value("reliable", i) === false) said.push(small(words.text("card.unreliable")));
  return said;
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function rankOf({ areas, words }, i) {
  const rank = areas.value("rank", i);
  if (rank === null) return null;
  const { status, rate } = areas.data.columns;
  const ranked = status ? status.filter((one) => one !== "missing") : (rate || []).filter((one) => one !== null);
  return words.text("card.rank", { rank: words.number(rank), n: words.number(ranked.length) });
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function printedOf({ areas, words }, i) {
  /** @type {("rate" | "population" | "rank")[]} */
  const keys = ["rate", "population", "rank"];
  const said = keys.flatMap((key) => {
    const printed = areas.value(/** @type {NumberColumn} */ (`${key}_published`), i);
    return printed === null ? [] : [words.text(`card.printed_${key}`, { value: words.figure(printed) })];
  });
  return said.length ? capital(said.join(", ")) : null;
}

// ---- Clusters, groups and neighbours ---------------------------------------------------------------------------

/**
 * @param {Sources} sources
 * @param {number} i
 */
function clusterOf({ areas, words }, i) {
  const code = areas.value("cluster", i);
  if (code === null) return null;
  const note = areas.value("cluster_note", i);
  const said = [words.perhaps(`meaning.${code}`), note ? capital(words.label("cluster_note", note)) : ""];
  const more = [...adjustedOf(areas, words, i, code), ...stabilityOf(areas, words, i), ...certaintyOf(areas, words, i)];
  return [capital(words.label("cluster", code)), ...[...said, ...more].map(small)];
}

/**
 * Whether a label says that something was found: those are of two words joined, High-High and the like.
 *
 * @param {string | null} code
 * @returns {code is string}
 */
export function isFinding(code) {
  return code !== null && code.includes("-");
}

/**
 * @param {Areas} areas
 * @param {Words} words
 * @param {number} i
 * @param {string} code
 */
function adjustedOf(areas, words, i, code) {
  const survives = areas.value("survives_adjustment", i);
  const adjusted = areas.value("cluster_adjusted", i);
  if (isFinding(code) && survives !== null) return [words.text(survives ? "card.survives" : "card.survives_not")];
  if (isFinding(code) || !isFinding(adjusted)) return [];
  return [words.text("card.only_adjusted", { label: words.label("cluster", adjusted) })];
}

/**
 * @param {Areas} areas
 * @param {Words} words
 * @param {number} i
 */
function stabilityOf(areas, words, i) {
  /** @type {("stability" | "agreement")[]} */
  const columns = ["stability", "agreement"];
  return columns.flatMap((column) => {
    const share = areas.value(column, i);
    return share === null ? [] : [words.text(`card.${column}`, { percent: words.number(100 * share) })];
  });
}

/**
 * @param {Areas} areas
 * @param {Words} words
 * @param {number} i
 */
function certaintyOf(areas, words, i) {
  const share = areas.value("certainty", i);
  if (share === null) return [];
  const label = words.label("cluster", areas.value("certainty_label", i) || "");
  const said = { label: capital(label), percent: words.number(100 * share, 1) };
  const [median, low, high] = areas.numbers(i, "imputed_median", "imputed_low", "imputed_high");
  const drawn = { median: words.number(median), low: words.number(low), high: words.number(high) };
  const lines = share > 0 ? [words.text("card.certainty", said)] : [];
  return median === null ? lines : [...lines, words.text("card.imputed", drawn)];
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function groupOf(sources, i) {
  const { areas, words } = sources;
  const group = areas.value("group_id", i);
  if (group === null) return areas.value("listed", i) ? words.text("card.group_alone") : null;
  const others = areas.all.filter((j) => j !== i && areas.value("group_id", j) === group);
  return [`${words.text("card.group_with")} `, linksTo(sources, others)];
}

/**
 * @param {Sources} sources
 * @param {number} i
 */
function neighborsOf(sources, i) {
  const { areas, words } = sources;
  const near = areas.data.neighbors[i];
  if (near.length) return linksTo(sources, near);
  const many = areas.value("neighbors", i);
  if (many === null) return null;
  return many ? words.number(many) : capital(words.text("card.no_neighbors"));
}
