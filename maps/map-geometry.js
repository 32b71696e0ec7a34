/* Geometry of the web map: stored once, as steps from vertex to vertex; drawn as areas, and as borders between
   any two kinds of areas. */

function mapGeometry(data) {
  "use strict";
  const rings = [];

  function decode(steps, area) {
    const ring = { area, keys: [], points: [], across: [] };
    for (let k = 0, x = 0, y = 0; k < steps.length; k += 2) {
      x += steps[k];
      y += steps[k + 1];
      ring.keys.push((x + 2e6) * 4e6 + (y + 1e6));
      ring.points.push(L.latLng(y / data.scale, x / data.scale));
    }
    rings.push(ring);
    return ring.points;
  }

  // For each side of each ring: which area lies across it, null for the coast. Areas share their vertices.
  function findAcross() {
    const ids = new Map();
    const numbered = (key) => ids.get(key) || (ids.set(key, ids.size + 1), ids.size);
    for (const ring of rings) ring.ids = ring.keys.map(numbered);
    const sides = new Map();
    for (const ring of rings) {
      ring.ids.forEach((a, k) => {
        const b = ring.ids[(k + 1) % ring.ids.length];
        const side = Math.min(a, b) * (ids.size + 1) + Math.max(a, b);
        const seen = sides.get(side);
        ring.across.push(null);
        if (!seen) sides.set(side, [ring, k]);
        else if (seen[0].area !== ring.area) {
          ring.across[k] = seen[0].area;
          seen[0].across[seen[1]] = ring.area;
        }
      });
    }
    for (const ring of rings) ring.keys = ring.ids = null;
  }

  /** Lines where of[area] changes from one side to the other; with `coast`, also where there is no other side. */
  function borders(of, coast) {
    const lines = [];
    for (const ring of rings) {
      let line = null;
      ring.across.forEach((other, k) => {
        const here = of[ring.area];
        const there = other === null ? null : of[other];
        const mine = other === null ? coast : ring.area < other || there === null;
        if (here === null || here === there || !mine) {
          line = null;
          return;
        }
        const end = ring.points[(k + 1) % ring.points.length];
        if (line) line.push(end);
        else lines.push((line = [ring.points[k], end]));
      });
    }
    return lines;
  }

  // What a drawing of a part needs not be given all of.
  const boxes = new WeakMap();
  function boxOf(line) {
    if (!boxes.has(line)) boxes.set(line, L.latLngBounds(line));
    return boxes.get(line);
  }

  /** Those of the lines that cross a part of the map; all where there is no part. */
  const within = (lines, part) => (part ? lines.filter((line) => part.intersects(boxOf(line))) : lines);

  const shapes = data.shapes.map((polygons, area) =>
    polygons.map((polygon) => polygon.map((steps) => decode(steps, area)))
  );
  findAcross();
  return { shapes, borders, within };
}
