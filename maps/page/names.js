/* Names as the search compares them. Without its spaces a folded name is the key of geo/register/names.py, for the
   letters that both know. */

/**
 * Fold a name: no accents, no case; marks and spaces between words become one space.
 *
 * @param {string} name
 */
export function foldName(name) {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase();
  return plain.replace(/(?:[^\p{L}\p{N}]|[\u02b0-\u02ff])+/gu, " ").trim();
}

/**
 * Leave the spaces out of a folded name.
 *
 * @param {string} folded
 */
export function nameKey(folded) {
  return folded.replace(/ /g, "");
}

/**
 * Find the areas that may be meant: those called so first, then those whose name or a word of it begins so, then those
 * that have it anywhere; each time an area's own name comes before its other spellings.
 *
 * @param {string} wanted - folded, not empty
 * @param {string[][][]} called - own names of the areas, then their other spellings; folded
 * @param {(areas: number[]) => number[]} sorted - brings areas that are equally near into order
 * @returns {{ exact: number[], all: number[] }}
 */
export function matchNames(wanted, called, sorted) {
  const key = nameKey(wanted);
  /** @type {((one: string) => boolean)[]} */
  const ways = [
    (one) => nameKey(one) === key,
    (one) => nameKey(one).startsWith(key),
    (one) => one.includes(` ${wanted}`),
    (one) => one.includes(wanted),
  ];
  /** @type {(spellings: string[][], test: (one: string) => boolean) => number[]} */
  const which = (spellings, test) => sorted(spellings.map((_, i) => i).filter((i) => spellings[i].some(test)));
  const found = ways.map((way) => called.map((spellings) => which(spellings, way)).flat());
  return { exact: [...new Set(found[0])], all: [...new Set(found.flat())] };
}
