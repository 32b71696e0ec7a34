// Numbers and names where the page and Python must agree; tests/outputs/test_vectors.py reads the same file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { foldName, nameKey } from "../../maps/page/names.js";
import { formatNumber } from "../../maps/page/numbers.js";

const { numbers, names } = JSON.parse(readFileSync(new URL("../vectors.json", import.meta.url), "utf-8"));

for (const lang of ["en", "es"]) {
  test(`numbers are printed as in the report (${lang})`, () => {
    const shown = numbers.map(({ value, decimals }) => [value, formatNumber(value, lang, decimals)]);
    assert.ok(shown.length > 40);
    assert.deepEqual(shown, numbers.map((one) => [one.value, one[lang]]));
  });
}

test("names are folded as in the tables", () => {
  const keys = Object.keys(names).map((name) => [name, nameKey(foldName(name))]);
  assert.ok(keys.length > 40);
  assert.deepEqual(keys, Object.entries(names));
});
