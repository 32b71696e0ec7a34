// Classes of a layer: what they are painted with, how many areas each has, circles and sets.

import assert from "node:assert/strict";
import { test } from "node:test";

import { abridge, countClasses } from "../../maps/page/legend.js";
import { circleRadius, paintOf } from "../../maps/page/look.js";

const LAYER = {
  id: "rate",
  classes: [{ fill: "#aa0000", hatch: "" }, { fill: "#eeeeee", hatch: "up" }, {}],
  of: [1, 0, 1, 1],
};

test("a class is painted in its colour, or in a pattern where it is hatched", () => {
  assert.equal(paintOf(LAYER, 0), "#aa0000");
  assert.equal(paintOf(LAYER, 1), "url(#pattern-rate-1)");
});

test("the areas of each class are counted, also where there are none", () => {
  assert.deepEqual(countClasses(LAYER), [1, 3, 0]);
});

test("a set of up to five areas is named whole, of a larger one four", () => {
  assert.deepEqual(abridge([1, 2, 3, 4, 5]), { named: [1, 2, 3, 4, 5], rest: 0 });
  assert.deepEqual(abridge([1, 2, 3, 4, 5, 6]), { named: [1, 2, 3, 4], rest: 2 });
});

test("the surface of a circle is in proportion to its number", () => {
  assert.equal(circleRadius(100, 100, 0), 14);
  assert.equal(circleRadius(25, 100, 0), 7);
  assert.equal(circleRadius(0, 100, 0), 1.5);
});

test("circles grow as the map comes nearer, up to a limit", () => {
  assert.equal(circleRadius(100, 100, 1), 17.5);
  assert.equal(circleRadius(100, 100, 9), 32);
});
