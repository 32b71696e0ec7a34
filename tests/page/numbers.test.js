// Round figures; all other numbers are in vectors.test.js.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatFigure, formatNumber } from "../../maps/page/numbers.js";

test("a figure has as many decimals as it has, four at the most", () => {
  const shown = [0, 40, 12.5, 0.25, 0.125, 0.0625, 0.03125, 1200, 1234.5, 1 / 3].map((x) => formatFigure(x, "en"));
  assert.deepEqual(
    shown,
    ["0", "40", "12.5", "0.25", "0.125", "0.0625", "0.0312", "1,200", "1,234.5", "0.3333"]
  );
});

test("a figure too small for four decimals is printed too", () => {
  assert.equal(formatFigure(1e-7, "es"), "0,0000");
});

test("whole numbers are asked for by default", () => {
  assert.equal(formatNumber(1234.4, "es"), "1.234");
});
