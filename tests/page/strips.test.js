// A tall country in strips: where it is cut, and into how many.

import assert from "node:assert/strict";
import { test } from "node:test";

import { middleOf } from "../../maps/page/insets.js";
import { bandsOf, cutNear, planStrips } from "../../maps/page/strips.js";

/** 100 wide and 400 high, of 40 areas of equal height; it begins at 1000. */
const TALL = {
  top: 1000,
  bottom: 1400,
  points: Array.from({ length: 41 }, (_, k) => [{ x: 50, y: 1000 + 10 * k }, { x: 150, y: 1000 + 10 * k }]).flat(),
  reach: Array.from({ length: 40 }, (_, k) => [1000 + 10 * k, 1010 + 10 * k]),
};

test("a cut goes through as few areas as possible, as near as can be to where it was to be", () => {
  assert.deepEqual([1200, 1203, 1204, 1206, 1208].map((even) => cutNear(TALL, even)), [1200, 1200, 1200, 1210, 1210]);
  assert.equal(cutNear({ ...TALL, reach: [[1000, 1400]] }, 1203), 1203);
  assert.equal(cutNear({ ...TALL, reach: [[1195, 1205]] }, 1200), 1205); // as near to the south as to the north
  assert.equal(cutNear({ ...TALL, bottom: 1800, reach: [[1150, 1215]] }, 1200), 1216); // in larger steps
});

test("a cut stays within a twentieth of the height", () => {
  const through = (reach, even) => cutNear({ ...TALL, reach }, even);
  assert.equal(through([[1180, 1230]], 1200), 1180);
  assert.equal(through([[1179, 1220]], 1200), 1220);
  assert.equal(through([[1179, 1221]], 1200), 1200);
  assert.equal(through([[1130, 1250], [1150, 1171]], 1160), 1150);
});

test("bands are as wide as what lies in them, and follow each other", () => {
  const points = [...TALL.points, { x: 250, y: 1395 }, { x: -40, y: 5 }, { x: 20, y: 1200 }, { x: 300, y: 1400.1 }];
  assert.deepEqual(bandsOf({ ...TALL, points }, 2), [
    { west: -40, east: 150, top: 1000, bottom: 1200 },
    { west: 50, east: 300, top: 1200, bottom: 1400 },
  ]);
  assert.deepEqual(bandsOf(TALL, 4).map((band) => band.bottom), [1100, 1200, 1300, 1400]);
});

test("a band in which nothing lies is left out", () => {
  const points = TALL.points.filter(({ y }) => y < 1100 || y > 1300);
  assert.deepEqual(bandsOf({ ...TALL, points }, 4).map((band) => band.top), [1000, 1300]);
  const line = [...points, { x: 100, y: 1150 }];
  assert.equal(bandsOf({ ...TALL, points: line }, 4).length, 2);
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

test("the tallest strip decides how large all are", () => {
  const uneven = { ...TALL, reach: [[1180, 1219]] };
  const { parts, scale } = planStrips(uneven, { width: 320, height: 400, below: 0 }, false);
  assert.deepEqual([parts.map((band) => band.bottom), scale], [[1219, 1400], (320 - 8) / 200]);
  const low = planStrips(uneven, { width: 1000, height: 220, below: 0 }, true);
  assert.equal(low.scale, 220 / 400);
  assert.equal(planStrips(uneven, { width: 250, height: 220, below: 0 }, false).scale, 220 / 219);
});

test("the middle of an even number is the higher of two", () => {
  assert.deepEqual([middleOf([3, 1, 2]), middleOf([10, 9, 1, 2])], [2, 9]);
});
