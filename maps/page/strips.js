/* A tall country cut into strips side by side, which show it larger: where to cut, and into how many. */

const MOST = 4;
const WORTH = 1.2; // one strip more must make the country this much larger
export const GAP = 8; // pixels between strips

/**
 * A country in pixels at zoom 0: from where to where it reaches, its vertices, and from where to where each area does.
 *
 * @typedef {object} Ground
 * @property {number} top
 * @property {number} bottom
 * @property {{ x: number, y: number }[]} points
 * @property {[number, number][]} reach - north and south of each area
 */

/** @typedef {{ west: number, east: number, top: number, bottom: number }} Band */
/** @typedef {{ parts: Band[], scale: number }} Plan - the scale is in pixels to a pixel at zoom 0 */

/**
 * Where to cut: within a twentieth of the country's height of an even share, through as few areas as possible.
 *
 * @param {Ground} ground
 * @param {number} even
 */
export function cutNear({ top, bottom, reach }, even) {
  const step = (bottom - top) / 400;
  const tries = Array.from({ length: 41 }, (_, k) => even + Math.ceil(k / 2) * (k % 2 ? step : -step));
  const through = (/** @type {number} */ y) => reach.filter(([north, south]) => north < y && y < south).length;
  return tries.map((y) => [through(y), y]).reduce((best, one) => (one[0] < best[0] ? one : best))[1];
}

/**
 * Cut a country into bands, each as wide as what lies in it; fewer than wanted where nothing does.
 *
 * @param {Ground} ground
 * @param {number} n
 * @returns {Band[]}
 */
export function bandsOf(ground, n) {
  const { top, bottom, points } = ground;
  const cuts = Array.from({ length: n - 1 }, (_, k) => cutNear(ground, top + ((k + 1) * (bottom - top)) / n));
  const edges = [top, ...cuts, bottom];
  const bands = edges.slice(1).map((edge, k) => ({ west: Infinity, east: -Infinity, top: edges[k], bottom: edge }));
  for (const { x, y } of points) {
    const band = bands.find((one) => y <= one.bottom) || bands[n - 1];
    band.west = Math.min(band.west, x);
    band.east = Math.max(band.east, x);
  }
  return bands.filter((band) => band.west < band.east);
}

/**
 * As many strips as show the country largest.
 *
 * @param {Ground} ground
 * @param {{ width: number, height: number, below: number }} room - in pixels; `below` is for insets under strips
 * @param {boolean} uncut - whether there may only be one
 * @returns {Plan}
 */
export function planStrips(ground, { width, height, below }, uncut) {
  const plan = (/** @type {number} */ n) => {
    const parts = bandsOf(ground, n);
    const across = parts.reduce((sum, band) => sum + band.east - band.west, 0);
    const tallest = Math.max(...parts.map((band) => band.bottom - band.top));
    const tall = n === 1 ? height : height - below;
    return { parts, scale: Math.min(tall / tallest, (width - GAP * (n - 1)) / across) };
  };
  let best = plan(1);
  for (let n = 2; n <= (uncut ? 1 : MOST); n += 1) {
    const next = plan(n);
    if (next.scale > WORTH * best.scale) best = next;
  }
  return best;
}
