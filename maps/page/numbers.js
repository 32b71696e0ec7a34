/* Numbers as each language prints them, to the sign as geo/text/numerals.py does: the report stands beside the map. */

/**
 * Round the size of a number as Python does: exactly between two, to the even one.
 *
 * @param {number} size
 * @param {number} decimals
 */
function roundedSize(size, decimals) {
  const up = size.toFixed(decimals); // exact, but up from the middle
  const between = (size * 2 ** (decimals + 1)) % 2 === 1;
  if (!between || Number(up[up.length - 1]) % 2 === 0) return up;
  return size.toFixed(decimals + 1).slice(0, decimals ? -1 : -2);
}

/**
 * Print a number with the language's marks for thousands and decimals; zero has no sign. What browsers do with four
 * digits in Spanish differs between versions.
 *
 * @param {number} x
 * @param {Language} lang
 * @param {number} [decimals]
 */
export function formatNumber(x, lang, decimals = 0) {
  const [point, comma] = lang === "es" ? [",", "."] : [".", ","];
  const size = roundedSize(Math.abs(x), decimals);
  const [whole, rest] = size.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma);
  return (x < 0 && Number(size) > 0 ? "−" : "") + grouped + (rest ? point + rest : "");
}

/**
 * Print a round figure with as many decimals as it has, four at the most.
 *
 * @param {number} x
 * @param {Language} lang
 */
export function formatFigure(x, lang) {
  const decimals = [0, 1, 2, 3].find((few) => Number(x.toFixed(few)) === x);
  return formatNumber(x, lang, decimals === undefined ? 4 : decimals);
}
