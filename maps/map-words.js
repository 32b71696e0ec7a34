/* Words, numbers and elements of the web map. Names from tables are only ever put in as text, never as markup. */

function mapWords(data) {
  "use strict";
  const words = { lang: data.lang };

  /** A text of the catalogue in the present language, its {braces} filled in. */
  words.text = (key, fill) =>
    data.texts[words.lang][key].replace(/\{(\w+)\}/g, (all, word) => (fill && word in fill ? fill[word] : all));

  /** A text that may be lacking: "" then. */
  words.perhaps = (key) => data.texts[words.lang][key] || "";

  words.alias = (column) => data.aliases[words.lang][column];
  words.label = (table, code) => (data.values[words.lang][table] || {})[code] || code;
  words.capital = (s) => s.charAt(0).toUpperCase() + s.slice(1);

  /** The value of a column for area i; null where the column or the value is lacking. */
  words.value = (column, i) => {
    const values = data.columns[column];
    return values && values[i] !== null ? values[i] : null;
  };
  words.name = (i) => words.value("area_name", i) || "—";

  /** Positions of areas in the order of their names. */
  words.byName = (areas) => [...areas].sort((a, b) => words.name(a).localeCompare(words.name(b), words.lang));

  // Own formatting: what browsers do with four digits in Spanish differs between versions.
  words.number = (x, decimals = 0) => {
    if (x === null) return words.text("card.unknown");
    const [point, comma] = words.lang === "es" ? [",", "."] : [".", ","];
    const [whole, rest] = Math.abs(x).toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma);
    return (x < 0 ? "−" : "") + grouped + (rest ? point + rest : "");
  };

  /** A round figure, with as many decimals as it has. */
  words.figure = (x) => words.number(x, Number.isInteger(x) ? 0 : Math.min(4, String(x).split(".")[1].length));

  /** For comparing names: no accents, no case, no punctuation. */
  words.fold = (s) => {
    const plain = s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return plain.replace(/[\s.,;:'’`´"()/-]+/g, " ").trim();
  };

  /** Off a list of the highest rates: all that is known is a maximum, if the list is complete. */
  words.unlisted = (i) =>
    data.coverage === "highest" && words.value("status", i) === "bounded" && words.value("releases_low", i) === 0;

  /** The count of area i, the rate it makes or its unmet need, as far as it is known: {low, exact, high}. */
  words.known = (what, i) => {
    const column = what === "unmet" ? what : "releases";
    const counts = [`${column}_low`, column, `${column}_high`].map((name) => words.value(name, i));
    const people = words.value("population", i);
    const rates = counts.map((count) => (count === null || !people ? null : (count / people) * 100000));
    const [low, exact, high] = what === "rate" ? rates : counts;
    return { low, exact: what === "rate" ? words.value("rate", i) : exact, high };
  };

  /** The same in a few signs: 12, 392–394, ≤ 88; "—" where nothing is known. */
  words.brief = (what, i) => {
    const decimals = what === "rate" ? 1 : 0;
    const { low, exact, high } = words.known(what, i);
    if (exact !== null) return words.number(exact, decimals);
    if (high === null) return "—";
    const most = words.number(high, decimals);
    return low === null || low === 0 ? `≤ ${most}` : `${words.number(low, decimals)}–${most}`;
  };

  return words;
}

const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];
const fill = (target, ...parts) => target.replaceChildren(...parts);

function element(tag, content = [], attributes = {}) {
  const made = document.createElement(tag);
  made.append(...[].concat(content));
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(content, action, attributes = {}) {
  const made = element("button", content, Object.assign({ type: "button" }, attributes));
  made.addEventListener("click", action);
  return made;
}
