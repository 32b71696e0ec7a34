// How the search compares names, beyond the keys of vectors.test.js.

import assert from "node:assert/strict";
import { test } from "node:test";

import { foldName, matchNames, nameKey } from "../../maps/page/names.js";

test("words are kept apart by one space, whatever stands between them", () => {
  assert.equal(foldName("  Cabo de  Hornos (Ex-Navarino) "), "CABO DE HORNOS EX NAVARINO");
  assert.equal(foldName("O'Higgins"), "O HIGGINS");
  assert.equal(nameKey("O HIGGINS OF IT"), "OHIGGINSOFIT");
});

test("letters that have no accent to lose are kept, and those of other alphabets", () => {
  const names = ["Tromsø", "Łódź", "Москва", "Αθήνα", "東京"];
  assert.deepEqual(names.map(foldName), ["TROMSØ", "ŁODZ", "МОСКВА", "ΑΘΗΝΑ", "東京"]);
});

const NAMES = ["San José de Maipo", "Maipú", "San Pedro", "Pedro Aguirre Cerda", "Chimaipo", "San Pedro de Maipú"];
const called = [NAMES.map((name) => [foldName(name)]), [["13203"], ["13119"], ["05704", "SAN PEDRO"], [], [], []]];
const alike = (areas) => areas;
const found = (wanted, sorted = alike) => matchNames(foldName(wanted), called, sorted);

test("areas called so come first, then beginnings of names, of words, and what is in the middle", () => {
  assert.deepEqual(found("maipu"), { exact: [1], all: [1, 5] });
  assert.deepEqual(found("maip"), { exact: [], all: [1, 0, 5, 4] });
  assert.deepEqual(found("pedro"), { exact: [], all: [3, 2, 5] });
});

test("spaces do not matter for a whole name or its beginning", () => {
  assert.deepEqual(found("sanpedro"), { exact: [2], all: [2, 5] });
  assert.deepEqual(found("pedroag"), { exact: [], all: [3] });
});

test("codes and other spellings are found, each area once", () => {
  assert.deepEqual(found("13119"), { exact: [1], all: [1] });
  assert.deepEqual(found("San Pedro").exact, [2]);
  assert.deepEqual(found("zzz"), { exact: [], all: [] });
});

test("areas that are equally near are brought into order, and own names come before other spellings", () => {
  const falling = (areas) => [...areas].reverse();
  assert.deepEqual(found("san", falling).all, [5, 2, 0]);
  const both = [[["ALTO"], ["BAJO"]], [["BAJO"], ["X"]]];
  assert.deepEqual(matchNames("BAJO", both, alike).all, [1, 0]);
});
