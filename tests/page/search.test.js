// The list under the search, and the places to zoom to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isTall, parsePlace } from "../../maps/page/places.js";
import { nextOption } from "../../maps/page/search.js";

test("the arrows lead through the options and round", () => {
  assert.deepEqual([nextOption(-1, 1, 3), nextOption(0, 1, 3), nextOption(2, 1, 3)], [0, 1, 0]);
  assert.deepEqual([nextOption(-1, -1, 3), nextOption(0, -1, 3), nextOption(2, -1, 3)], [2, 2, 1]);
});

test("a place is an area, a region of any name, or the first view", () => {
  assert.deepEqual(parsePlace("area:12"), { kind: "area", one: "12" });
  assert.deepEqual(parsePlace("region:A: b"), { kind: "region", one: "A: b" });
  assert.equal(parsePlace("home").kind, "home");
});

test("a country is tall if it is more than twice as high as wide", () => {
  assert.equal(isTall([-76, -56, -66, -17]), true);
  assert.equal(isTall([0, 0, 10, 20]), false);
});
