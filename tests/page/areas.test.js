// What is known of an area, and what the tip and the card make of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { country } from "./country.js";
import { Areas, rateOf } from "../../maps/page/areas.js";
import { isFinding } from "../../maps/page/facts.js";
import { gapOf, needsByAnswer, needsSaid, unmetSaid } from "../../maps/page/support.js";
import { tipLines } from "../../maps/page/tip.js";
import { Words } from "../../maps/page/words.js";

const areas = new Areas(country());
const words = new Words(areas.data, "en");

test("a value is null where it, its column or its area's name is lacking", () => {
  assert.equal(areas.value("rate", 0), 1200);
  assert.equal(areas.value("rate", 1), null);
  assert.equal(areas.value("stability", 0), null);
  assert.equal(areas.name(3), "—");
});

test("areas are in the order of their names, as the language has it", () => {
  assert.deepEqual(areas.byName([3, 2, 1, 0], "en"), [3, 1, 0, 2]);
  assert.deepEqual(areas.byName(new Set([0, 2]), "es"), [2, 0]);
});

test("regions are those that there are, and hold their areas", () => {
  assert.deepEqual(areas.regions, ["North", "South"]);
  assert.deepEqual(areas.inRegion("North"), [0, 1]);
  assert.deepEqual(areas.inRegion(null), [0, 1, 2, 3]);
  assert.deepEqual(new Areas(country({ columns: {} })).regions, []);
});

test("an area without polygon has no bounds", () => {
  assert.deepEqual(areas.withShape([0, 3]), [0]);
  assert.equal(areas.bounds([3]).isValid(), false);
  assert.deepEqual(areas.bounds([0, 2]).points, [[1, 0], [1.1, 0.1], [0.9, 0], [1, 0.1]]);
});

test("areas have borders with the coast, regions without, and what a layer outlines with it again", () => {
  assert.deepEqual([areas.lines.areas.length, areas.lines.regions.length], [4, 1]);
  const outline = [1, 1, null, null];
  assert.deepEqual(areas.outlines({ outline }), areas.borders(outline, true));
  assert.deepEqual(areas.outlines({}), []);
});

test("vertices are in degrees, latitude first", () => {
  assert.deepEqual(areas.shapes[1][0][0][0], { lat: 1, lng: 0.1 });
});

test("a count between limits makes a rate between limits", () => {
  assert.deepEqual(areas.knownCount("releases", 1), { low: 40, exact: null, high: 50 });
  assert.deepEqual(areas.knownRate(1), { low: 200, exact: null, high: 250 });
  assert.deepEqual(areas.knownRate(0), { low: 1200, exact: 1200, high: 1200 });
  assert.deepEqual(areas.knownCount("unmet", 2), { low: 3, exact: null, high: null });
});

test("where nobody lives, or nothing is known, there is no rate", () => {
  assert.deepEqual([rateOf(5, 0), rateOf(5, null), rateOf(null, 5), rateOf(0, 5)], [null, null, null, 0]);
});

test("an area off a list of the highest is known to have at most so many", () => {
  assert.deepEqual(areas.all.map((i) => areas.unlisted(i)), [false, false, true, false]);
  assert.equal(new Areas(country({ coverage: "all" })).unlisted(2), false);
  const { columns } = country();
  const derived = { ...columns, status: ["derived", "bounded", "derived", null] };
  const other = new Areas(country({ columns: derived }));
  assert.deepEqual(other.all.filter((i) => other.unlisted(i)), []);
});

test("what was found bears a label of two words", () => {
  assert.deepEqual(["High-High", "Not significant", null].map(isFinding), [true, false, false]);
});

// ---- The tip ---------------------------------------------------------------------------------------------------

const kind = (label, hatch = "") => ({ label: { en: label }, range: null, hatch });
const layer = (more) => ({ id: "rate", classes: [kind("known"), kind("derived", "up")], of: [0, 1, 1, 1], ...more });

test("the tip says the class where the rate does not say it", () => {
  assert.deepEqual(tipLines(areas, words, layer({}), 0), ["Rate: 1,200.0"]);
  assert.deepEqual(tipLines(areas, words, layer({}), 1), ["Derived"]);
  assert.deepEqual(tipLines(areas, words, layer({ id: "groups" }), 0), ["Rate: 1,200.0", "Known"]);
});

test("on a map of circles the tip says their number, and the class where it is hatched", () => {
  const counts = layer({ id: "counts", circles: { column: "releases" } });
  assert.deepEqual(tipLines(areas, words, counts, 0), ["Releases: 1,200", "Rate: 1,200.0"]);
  assert.deepEqual(tipLines(areas, words, counts, 1), ["Releases: 40–50", "Derived"]);
  const unmet = layer({ id: "unmet", circles: { column: "unmet" } });
  assert.deepEqual(tipLines(areas, words, unmet, 1), ["Unmet: 1–4", "Derived"]);
});

// ---- Support ---------------------------------------------------------------------------------------------------

test("who is left without a place is said as far as it is known", () => {
  const said = areas.all.map((i) => unmetSaid(areas.knownCount("unmet", i), words));
  assert.deepEqual(said, [["5 without"], ["1 to 4 without"], ["3 or more without"], []]);
});

test("the support of an area is said line by line, as far as anything is known of it", () => {
  assert.deepEqual(areas.all.map((i) => gapOf(areas, words, i)), [
    ["yes", "by ministry", "10 places", "5 without"],
    ["no", "1 to 4 without"],
    ["yes", "places not known", "3 or more without"],
    [],
  ]);
  const { columns } = country();
  const more = new Areas(country({ columns: { ...columns, capacity_low: [3], capacity_high: [10] } }));
  assert.equal(gapOf(more, words, 0)[2], "3 to 10 places");
});

test("needs are said of whom was asked", () => {
  const { columns } = country();
  const needs = { housing: ["s", "s"] };
  const asked = new Areas(country({ needs, columns: { ...columns, support_status: ["no", "not asked"] } }));
  assert.deepEqual([0, 1].map((i) => gapOf(asked, words, i).length), [4, 2]);
});

const NEEDS = { housing: ["s", "n", "u", "d"], work: ["n", "n", "u", "d"], health: ["u", "n", "u", "d"] };

test("needs are told apart by what is known of them", () => {
  const first = needsByAnswer(NEEDS, 0);
  assert.deepEqual(first, { served: ["housing"], lacking: ["work"], denied: [], unknown: ["health"] });
  const said = areas.all.map((i) => needsSaid(NEEDS, words, i));
  const some = "served housing; lacking work; unknown health";
  assert.deepEqual(said, [some, "none of 3", "nothing known", "no programme"]);
});

test("many needs of which nothing is known are counted, and none is said as 0", () => {
  const many = { a: ["s"], b: ["u"], c: ["u"], d: ["u"], e: ["u"] };
  assert.equal(needsSaid(many, words, 0), "served a; lacking 0; unknown 4");
  delete many.e;
  assert.equal(needsSaid(many, words, 0), "served a; lacking 0; unknown b, c, d");
});
