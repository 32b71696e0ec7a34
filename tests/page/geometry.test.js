// Polygons as they are stored, and the borders between kinds of areas.

import assert from "node:assert/strict";
import { test } from "node:test";

import { acrossSides, bordersBetween, decodeShapes, followSteps } from "../../maps/page/geometry.js";

// The example of geo/outputs/display.py: shapely.box(-70, -33, -69.9, -32.9) in ten thousandths of a degree.
const BOX = [-699000, -330000, 0, 1000, -1000, 0, 0, -1000];

const verticesOf = (steps) => {
  const found = [];
  followSteps(steps, (x, y) => found.push([x, y]));
  return found;
};

test("steps lead from vertex to vertex", () => {
  assert.deepEqual(verticesOf(BOX), [[-699000, -330000], [-699000, -329000], [-700000, -329000], [-700000, -330000]]);
  assert.deepEqual(verticesOf([]), []);
});

/** Squares of side 1, from the lower left corner round to the right. */
const square = (x, y) => [x, y, 1, 0, 0, 1, -1, 0];
// 0 and 1 side by side, 2 below 0, 3 apart.
const SQUARES = [square(0, 1), square(1, 1), square(0, 0), square(9, 9)].map((steps) => [[steps]]);
const at = (x, y) => `${x},${y}`;
const { shapes, rings } = decodeShapes(SQUARES, at);

test("shapes keep the order of areas, polygons and rings", () => {
  assert.deepEqual(shapes[1], [[["1,1", "2,1", "2,2", "1,2"]]]);
  const hole = decodeShapes([[[square(0, 0), [5, 5]], [square(3, 3)]]], at);
  assert.deepEqual(hole.shapes[0].map((polygon) => polygon.length), [2, 1]);
  assert.deepEqual(hole.rings.map((ring) => ring.area), [0, 0, 0]);
});

test("across a side that two areas share lies the other, across the coast none", () => {
  assert.deepEqual(rings.map((ring) => ring.across), [
    [2, 1, null, null],
    [null, null, null, 0],
    [null, null, 0, null],
    [null, null, null, null],
  ]);
});

test("in a grid of areas each has its neighbours across its sides", () => {
  const side = 6;
  const grid = Array.from({ length: side * side }, (_, i) => [[square(i % side, Math.floor(i / side))]]);
  const inside = (x, y) => (x >= 0 && x < side && y >= 0 && y < side ? y * side + x : null);
  const expected = grid.map((_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return [inside(x, y - 1), inside(x + 1, y), inside(x, y + 1), inside(x - 1, y)];
  });
  assert.deepEqual(decodeShapes(grid, at).rings.map((ring) => ring.across), expected);
});

test("a side that an area shares with itself is no border", () => {
  const across = (area) => acrossSides([{ area: 0, keys: [1, 2, 3] }, { area, keys: [3, 2, 4] }]);
  assert.deepEqual(across(0), [[null, null, null], [null, null, null]]);
  assert.deepEqual(across(1), [[null, 1, null], [0, null, null]]);
});

test("vertices of the far west and the far north are told apart", () => {
  const far = [square(-1800000, 900000), square(-1799999, 900000)].map((steps) => [[steps]]);
  const across = decodeShapes(far, at).rings.map((ring) => ring.across);
  assert.deepEqual(across, [[null, 1, null, null], [null, null, null, 0]]);
});

test("a border between areas of different kinds is drawn once", () => {
  assert.deepEqual(bordersBetween(rings, ["a", "b", "a", "c"], false), [["1,1", "1,2"]]);
  assert.deepEqual(bordersBetween(rings, ["a", "a", "a", "a"], false), []);
});

test("with the coast each area is drawn around, in lines as long as can be", () => {
  const lines = bordersBetween(rings, ["a", "b", "a", "c"], true);
  assert.deepEqual(lines, [
    ["1,1", "1,2", "0,2", "0,1"],
    ["1,1", "2,1", "2,2", "1,2"],
    ["0,0", "1,0", "1,1"],
    ["0,1", "0,0"],
    ["9,9", "10,9", "10,10", "9,10", "9,9"],
  ]);
});

test("areas of no kind have no border of their own, and those beside them have one to them", () => {
  assert.deepEqual(bordersBetween(rings, [null, "b", null, null], false), [["1,2", "1,1"]]);
  assert.deepEqual(bordersBetween(rings, [null, null, null, null], true), []);
});
