// The order of the table's rows, where its keys lead, and which rows are drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compareValues, rowAfter, rowsInSight, sortAreas } from "../../maps/page/order.js";

test("missing values come last, rising and falling", () => {
  const sorted = (falling) => [3, null, 10, 3].sort((a, b) => compareValues(a, b, falling, "en"));
  assert.deepEqual(sorted(false), [3, 3, 10, null]);
  assert.deepEqual(sorted(true), [10, 3, 3, null]);
  assert.equal(compareValues(null, null, true, "en"), 0);
});

test("names are compared as the language has it", () => {
  const sorted = (lang) => ["Ñuñoa", "Nogales", "Olmué", "Ávila"].sort((a, b) => compareValues(a, b, false, lang));
  assert.deepEqual(sorted("es"), ["Ávila", "Nogales", "Ñuñoa", "Olmué"]);
  assert.deepEqual(sorted("en"), ["Ávila", "Nogales", "Ñuñoa", "Olmué"]);
  const near = (lang) => ["Ñandú", "Nz"].sort((a, b) => compareValues(a, b, false, lang));
  assert.deepEqual([near("es"), near("en")], [["Nz", "Ñandú"], ["Ñandú", "Nz"]]);
});

test("areas without a value are sorted by what is known instead, after all others", () => {
  const first = [5, null, 9, null, null];
  const second = [null, 7, null, 8, null];
  const sorted = (falling) => sortAreas([0, 1, 2, 3, 4], (i) => first[i], (i) => second[i], falling, "en");
  assert.deepEqual(sorted(true), [2, 0, 3, 1, 4]);
  assert.deepEqual(sorted(false), [0, 2, 1, 3, 4]);
});

test("equal areas keep their order, and a second value breaks no tie of first ones", () => {
  assert.deepEqual(sortAreas([2, 0, 1], () => 1, (i) => i, false, "en"), [2, 0, 1]);
  const keys = ["b", "a", "b", "a"];
  assert.deepEqual(sortAreas([0, 1, 2, 3], (i) => keys[i], () => null, true, "en"), [0, 2, 1, 3]);
});

test("the arrows lead one row on, pages further, and never out of the table", () => {
  const after = (key, here) => rowAfter(key, here, 20, 6);
  const keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
  assert.deepEqual(keys.map((key) => after(key, 8)), [9, 7, 14, 2, 0, 19]);
  assert.deepEqual([after("ArrowDown", 19), after("PageDown", 18)], [19, 19]);
  assert.deepEqual([after("ArrowUp", 0), after("PageUp", 2)], [0, 0]);
});

test("from no row the first arrow leads to the first", () => {
  assert.deepEqual(["ArrowDown", "ArrowUp"].map((key) => rowAfter(key, -1, 20, 6)), [0, 0]);
});

test("other keys lead nowhere", () => {
  assert.equal(rowAfter("Enter", 3, 20, 6), null);
});

test("rows in sight are drawn, with eight above and below", () => {
  assert.deepEqual(rowsInSight({ top: 0, height: 340 }, 34, 345), { first: 0, last: 18 });
  assert.deepEqual(rowsInSight({ top: 3400, height: 350 }, 34, 345), { first: 92, last: 119 });
  assert.deepEqual(rowsInSight({ top: 3399, height: 350 }, 34, 345), { first: 91, last: 119 });
  assert.deepEqual(rowsInSight({ top: 0, height: 340 }, 34, 5), { first: 0, last: 5 });
});
