/* Geometry of the web map: stored once, as steps from vertex to vertex; drawn as areas, and as borders between
   any two kinds of areas. */

/**
 * A ring of an area's polygons, and for each of its sides which area lies across it, null for the coast.
 *
 * @template P
 * @typedef {{ area: number, points: P[], across: (number | null)[] }} Ring
 */

/**
 * Follow the steps of a ring from vertex to vertex.
 *
 * @param {number[]} steps - x0, y0, dx, dy, ...
 * @param {(x: number, y: number) => void} visit
 */
export function followSteps(steps, visit) {
  for (let k = 0, x = 0, y = 0; k < steps.length; k += 2) {
    x += steps[k];
    y += steps[k + 1];
    visit(x, y);
  }
}

/**
 * Number what occurs, from 1 in the order in which it first does.
 *
 * @param {number[][]} keys
 */
function numberKeys(keys) {
  /** @type {Map<number, number>} */
  const numbers = new Map();
  const numbered = (/** @type {number} */ key) => {
    const known = numbers.get(key);
    if (known) return known;
    numbers.set(key, numbers.size + 1);
    return numbers.size;
  };
  return { numbered: keys.map((some) => some.map(numbered)), many: numbers.size };
}

/**
 * Find which area lies across each side of each ring. Areas share their vertices.
 *
 * @param {{ area: number, keys: number[] }[]} rings - a key for each vertex, by which it is known
 * @returns {(number | null)[][]}
 */
export function acrossSides(rings) {
  const { numbered, many } = numberKeys(rings.map((ring) => ring.keys));
  /** @type {(number | null)[][]} */
  const across = rings.map((ring) => ring.keys.map(() => null));
  /** @type {Map<number, [number, number]>} */
  const sides = new Map();
  numbered.forEach((vertices, r) => {
    const { area } = rings[r];
    vertices.forEach((a, k) => {
      const b = vertices[(k + 1) % vertices.length];
      const side = Math.min(a, b) * (many + 1) + Math.max(a, b);
      const seen = sides.get(side);
      if (!seen) sides.set(side, [r, k]);
      else if (rings[seen[0]].area !== area) {
        across[r][k] = rings[seen[0]].area;
        across[seen[0]][seen[1]] = area;
      }
    });
  });
  return across;
}

/**
 * Decode the polygons of all areas.
 *
 * @template P
 * @param {number[][][][]} coded - per area its polygons, their rings and the steps along each
 * @param {(x: number, y: number) => P} place - the point of a vertex
 * @returns {{ shapes: P[][][][], rings: Ring<P>[] }}
 */
export function decodeShapes(coded, place) {
  /** @type {{ area: number, keys: number[], points: P[] }[]} */
  const found = [];
  /** @type {(steps: number[], area: number) => P[]} */
  const decode = (steps, area) => {
    /** @type {{ area: number, keys: number[], points: P[] }} */
    const ring = { area, keys: [], points: [] };
    followSteps(steps, (x, y) => {
      ring.keys.push((x + 2e6) * 4e6 + (y + 1e6)); // of no two places the same, between 180° and 90° either way
      ring.points.push(place(x, y));
    });
    found.push(ring);
    return ring.points;
  };
  const shapes = coded.map((polygons, area) =>
    polygons.map((polygon) => polygon.map((steps) => decode(steps, area)))
  );
  const across = acrossSides(found);
  return { shapes, rings: found.map(({ area, points }, r) => ({ area, points, across: across[r] })) };
}

/**
 * Draw lines where the kind of area changes from one side to the other; areas of kind null have none of their own.
 *
 * @template P
 * @param {Ring<P>[]} rings
 * @param {unknown[]} of - the kind of each area
 * @param {boolean} coast - whether there are lines also where there is no other side
 * @returns {P[][]}
 */
export function bordersBetween(rings, of, coast) {
  /** @type {P[][]} */
  const lines = [];
  for (const { area, points, across } of rings) {
    /** @type {P[] | null} */
    let line = null;
    across.forEach((other, k) => {
      const here = of[area];
      const there = other === null ? null : of[other];
      const mine = other === null ? coast : area < other || there === null;
      if (here === null || here === there || !mine) {
        line = null;
        return;
      }
      const end = points[(k + 1) % points.length];
      if (line) line.push(end);
      else lines.push((line = [points[k], end]));
    });
  }
  return lines;
}
