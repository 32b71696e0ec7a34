/* Numbers as each language prints them. */

/**
 * Print a number with the language's marks for thousands and decimals. What browsers do with four
 * digits in Spanish differs between versions.
 *
 * @param {number} x
 * @param {Language} lang
 * @param {number} [decimals]
 */
export function formatNumber(x, lang, decimals = 0) {
  const [point, comma] = lang === "es" ? [",", "."] : [".", ","];
  const [whole, rest] = Math.abs(x).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma);
  return (x < 0 ? "−" : "") + grouped + (rest ? point + rest : "");
}

/**
 * Print a round figure with as many decimals as it has, four at the most.
 *
 * @param {number} x
 * @param {Language} lang
 */
export function formatFigure(x, lang) {
  return formatNumber(x, lang, Number.isInteger(x) ? 0 : Math.min(4, String(x).split(".")[1].length));
}
