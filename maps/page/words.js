/* Words and numbers of the web map, in the language that it is shown in. */

import { formatFigure, formatNumber } from "./numbers.js";

/**
 * Fill in the {braces} of a text that there are words for.
 *
 * @param {string} template
 * @param {Record<string, string | null>} [words]
 */
export function fillBraces(template, words = {}) {
  return template.replace(/\{(\w+)\}/g, (all, word) => (word in words ? String(words[word]) : all));
}

/**
 * Begin with a capital letter.
 *
 * @param {string} text
 */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The language of the page: the reader's first that it has, or else its own.
 *
 * @param {PageData} data
 * @param {readonly string[]} spoken - tags of the languages that the reader prefers
 */
export function firstLanguage(data, spoken) {
  const tags = data.follow ? spoken.map((tag) => tag.slice(0, 2).toLowerCase()) : [];
  return /** @type {Language} */ (tags.find((lang) => lang in data.texts) || data.lang);
}

export class Words {
  /**
   * @param {PageData} data
   * @param {Language} lang
   */
  constructor(data, lang) {
    this.data = data;
    this.lang = lang;
  }

  /**
   * A text of the catalogue, its {braces} filled in.
   *
   * @param {string} key
   * @param {Record<string, string | null>} [words]
   */
  text(key, words) {
    return fillBraces(this.data.texts[this.lang][key], words);
  }

  /**
   * A text that may be lacking: "" then.
   *
   * @param {string} key
   */
  perhaps(key) {
    return this.data.texts[this.lang][key] || "";
  }

  /** @param {string} column */
  alias(column) {
    return this.data.aliases[this.lang][column];
  }

  /**
   * The label of a coded value, or the code itself.
   *
   * @param {string} table
   * @param {string} code
   */
  label(table, code) {
    return (this.data.values[this.lang][table] || {})[code] || code;
  }

  /**
   * @param {number | null} x
   * @param {number} [decimals]
   */
  number(x, decimals = 0) {
    return x === null ? this.text("card.unknown") : formatNumber(x, this.lang, decimals);
  }

  /** @param {number} x */
  figure(x) {
    return formatFigure(x, this.lang);
  }

  /**
   * What is known of a number in a few signs: 12, 392–394, ≤ 88; "—" where nothing is.
   *
   * @param {Known} known
   * @param {number} [decimals]
   */
  brief({ low, exact, high }, decimals = 0) {
    if (exact !== null) return this.number(exact, decimals);
    if (high === null) return "—";
    const most = this.number(high, decimals);
    return low === null || low === 0 ? `≤ ${most}` : `${this.number(low, decimals)}–${most}`;
  }

  /**
   * What stands for a class in a legend: its label or its limits.
   *
   * @param {LayerClass} kind
   */
  className({ label, range }) {
    if (!range) return capital(label ? label[this.lang] : "");
    const [low, high] = range.map((limit) => this.figure(limit));
    return this.text("class.range", { low, high });
  }
}
