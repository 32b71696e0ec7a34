/* The order of the table's rows. */

/**
 * Compare two values, the missing last.
 *
 * @param {string | number | null} a
 * @param {string | number | null} b
 * @param {boolean} falling
 * @param {Language} lang
 */
export function compareValues(a, b, falling, lang) {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const way = falling ? -1 : 1;
  return way * (typeof a === "string" ? a.localeCompare(String(b), lang) : a - Number(b));
}

/**
 * Sort areas by a value; those without by a second one, after all others. Equal ones keep their order.
 *
 * @param {number[]} areas
 * @param {(i: number) => string | number | null} first
 * @param {(i: number) => number | null} second
 * @param {boolean} falling
 * @param {Language} lang
 */
export function sortAreas(areas, first, second, falling, lang) {
  const keys = new Map(areas.map((i) => [i, { first: first(i), second: second(i) }]));
  const keyOf = (/** @type {number} */ i) => keys.get(i) || { first: null, second: null };
  return [...areas].sort((a, b) => {
    const [one, other] = [keyOf(a), keyOf(b)];
    const way = compareValues(one.first, other.first, falling, lang);
    return way || (one.first === null ? compareValues(one.second, other.second, falling, lang) : 0);
  });
}

/**
 * Which row a key leads to; null where it leads to none.
 *
 * @param {string} key
 * @param {number} here - the row that the keys are on, -1 for none
 * @param {number} rows
 * @param {number} page - rows in sight
 */
export function rowAfter(key, here, rows, page) {
  const to = {
    ArrowDown: here + 1,
    ArrowUp: Math.max(0, here - 1),
    PageDown: here + page,
    PageUp: here - page,
    Home: 0,
    End: rows - 1,
  }[key];
  return to === undefined ? null : Math.min(rows - 1, Math.max(0, to));
}

/**
 * Which rows are drawn: those in sight and a few above and below them.
 *
 * @param {{ top: number, height: number }} sight - pixels
 * @param {number} height - of a row
 * @param {number} rows
 */
export function rowsInSight(sight, height, rows) {
  const margin = 8;
  const first = Math.max(0, Math.floor(sight.top / height) - margin);
  const last = Math.min(rows, Math.ceil((sight.top + sight.height) / height) + margin);
  return { first, last };
}
