// A tall country in strips: where it is cut, and into how many.

import assert from "node:assert/strict";
import { test } from "node:test";

import { middleOf } from "../../maps/page/insets.js";
import { bandsOf, cutNear, planStrips } from "../../maps/page/strips.js";

/** 100 wide and 400 high, of 40 areas of equal height. */
const TALL = {
  top: 0,
  bottom: 400,
  points: Array.from({ length: 41 }, (_, k) => [{ x: 0, y: 10 * k }, { x: 100, y: 10 * k }]).flat(),
  reach: Array.from({ length: 40 }, (_, k) => [10 * k, 10 * k + 10]),
};

test("a cut goes through as few areas as possible, as near as can be to where it was to be", () => {
  assert.equal(cutNear(TALL, 200), 200);
  assert.equal(cutNear(TALL, 203), 200);
  assert.equal(cutNear(TALL, 208), 210);
  assert.equal(cutNear({ ...TALL, reach: [[0, 400]] }, 203), 203);
});

test("a cut stays within a twentieth of the height", () => {
  const through = (reach, even) => cutNear({ ...TALL, reach }, even);
  assert.equal(through([[180, 221]], 200), 180);
  assert.equal(through([[179, 221]], 200), 200);
  assert.equal(through([[130, 250], [150, 171]], 160), 150);
});

test("bands are as wide as what lies in them, and follow each other", () => {
  const points = [...TALL.points, { x: 250, y: 395 }, { x: -40, y: 5 }];
  assert.deepEqual(bandsOf({ ...TALL, points }, 2), [
    { west: -40, east: 100, top: 0, bottom: 200 },
    { west: 0, east: 250, top: 200, bottom: 400 },
  ]);
});

test("a band in which nothing lies is left out", () => {
  const points = TALL.points.filter(({ y }) => y < 100 || y > 300);
  assert.equal(bandsOf({ ...TALL, points }, 4).length, 2);
});

test("a tall country is cut on a wide frame, and not on a tall one", () => {
  const room = { width: 1000, height: 400, below: 0 };
  assert.equal(planStrips(TALL, room, false).parts.length, 3);
  const wider = planStrips(TALL, { ...room, width: 1500 }, false);
  assert.deepEqual([wider.parts.length, wider.scale], [4, (1500 - 3 * 8) / 400]);
  const tall = planStrips(TALL, { width: 150, height: 400, below: 0 }, false);
  assert.deepEqual([tall.parts.length, tall.scale], [1, 1]);
});

test("it is not cut where there may only be one, or where a strip more is worth little", () => {
  assert.equal(planStrips(TALL, { width: 1000, height: 400, below: 0 }, true).parts.length, 1);
  assert.equal(planStrips(TALL, { width: 246, height: 400, below: 0 }, false).parts.length, 1);
  assert.equal(planStrips(TALL, { width: 252, height: 400, below: 0 }, false).parts.length, 2);
});

test("insets under strips take of their height, and not of the map's own", () => {
  assert.equal(planStrips(TALL, { width: 1000, height: 400, below: 200 }, true).scale, 1);
  assert.equal(planStrips(TALL, { width: 1000, height: 400, below: 200 }, false).scale, 2);
});

test("the middle of an even number is the higher of two", () => {
  assert.deepEqual([middleOf([3, 1, 2]), middleOf([10, 9, 1, 2])], [2, 9]);
});
