/* The parts of the page that are there from the start, in the language that is chosen. */

import { $, $$, element, fill } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */

const NAMED = {
  ".leaflet-control-zoom-in": "control.zoom_in",
  ".leaflet-control-zoom-out": "control.zoom_out",
  ".home button": "find.home",
};

/**
 * Show sentences in a part of the page, which is hidden if there are none.
 *
 * @param {string} part
 * @param {string[]} [sentences]
 */
function showSentences(part, sentences = []) {
  $(part).hidden = !sentences.length;
  fill($(`${part} ul`), ...sentences.map((sentence) => element("li", sentence)));
}

/**
 * Show the title, the names of buttons and the sentences beside the map.
 *
 * @param {PageData} data
 * @param {Words} words
 */
export function showTexts(data, words) {
  const { lang } = words;
  document.documentElement.lang = lang;
  document.title = $("#title").textContent = data.title[lang] || words.text("page.title");
  for (const one of $$("[data-text]")) one.textContent = words.text(one.dataset.text || "");
  for (const one of $$("[data-label]")) one.setAttribute("aria-label", words.text(one.dataset.label || ""));
  for (const one of $$("[data-lang]")) one.setAttribute("aria-pressed", String(one.dataset.lang === lang));
  for (const [css, key] of Object.entries(NAMED)) {
    $(css).title = words.text(key);
    $(css).setAttribute("aria-label", words.text(key));
  }
  fill($("#made"), words.text(data.basemap.url ? "page.credit_online" : "page.credit"));
  showSentences("#headline", data.headline[lang]);
  $(".parts a").hidden = $("#headline").hidden;
  showSentences("#about .where", data.sources[lang]);
  for (const [question, answers] of Object.entries(data.about[lang])) showSentences(`#about .${question}`, answers);
}

/**
 * Show what is the same in every language: whether the areas are schematic, and the way to the report.
 *
 * @param {PageData} data
 */
export function showLinks({ lines, report, schematic }) {
  document.documentElement.style.setProperty("--warn", lines.schematic);
  for (const css of ["#schematic", "#schematic-note"]) $(css).hidden = !schematic;
  /** @type {HTMLAnchorElement} */
  const link = $("#report");
  if (report) link.href = report;
  link.hidden = !report;
}
