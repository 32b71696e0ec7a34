// Texts and numbers in the language that is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Words, capital, fillBraces, firstLanguage } from "../../maps/page/words.js";
import { country } from "./country.js";

const words = new Words(country(), "en");

test("braces are filled in where there is a word for them", () => {
  assert.equal(fillBraces("{a} of {b}, {a}", { a: "1", b: "2" }), "1 of 2, 1");
  assert.equal(fillBraces("{a} of {b}", { a: "$&" }), "$& of {b}");
  assert.equal(fillBraces("{a}"), "{a}");
});

test("a text begins with a capital letter of any alphabet", () => {
  assert.deepEqual(["área", "ñuble", "12 areas", ""].map(capital), ["Área", "Ñuble", "12 areas", ""]);
});

test("the page starts in the reader's first language that it has, if it follows the browser", () => {
  assert.equal(firstLanguage(country(), ["fr-CA", "ES-cl", "en"]), "es");
  assert.equal(firstLanguage(country(), ["fr", "de"]), "en");
  assert.equal(firstLanguage(country({ lang: "es" }), []), "es");
  assert.equal(firstLanguage(country({ follow: false }), ["es"]), "en");
});

test("what is missing is said, in the language shown", () => {
  assert.equal(words.number(null), "unknown");
  assert.equal(new Words(country(), "es").number(null, 1), "desconocido");
  assert.equal(words.number(0), "0");
});

test("a code without a label stands for itself, and a text that is lacking is empty", () => {
  assert.equal(words.label("cluster", "High-High"), "high among high");
  assert.equal(words.label("cluster", "Low-Low"), "Low-Low");
  assert.equal(words.label("other", "x"), "x");
  assert.equal(words.perhaps("meaning.none"), "");
});

test("what is known of a number is said in a few signs", () => {
  const said = (low, exact, high, decimals) => words.brief({ low, exact, high }, decimals);
  assert.equal(said(12, 12, 12), "12");
  assert.equal(said(1392, null, 1394), "1,392–1,394");
  assert.equal(said(0, null, 88.25, 1), "≤ 88.2");
  assert.equal(said(null, null, 88), "≤ 88");
  assert.equal(said(3, null, null), "—");
  assert.equal(said(0, 0, 0), "0");
});

test("a class of a legend has its label, or the limits of its numbers", () => {
  assert.equal(words.className({ label: { en: "not known", es: "" }, range: null }), "Not known");
  assert.equal(words.className({ label: null, range: [12.5, 1200] }), "12.5 to 1,200");
});
