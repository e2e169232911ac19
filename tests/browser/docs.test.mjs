/** How the API reference page writes JSON. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pretty } from "../../src/smsdesk/http/pages/docs/json.js";

test("what fits on a line stands on one", () => {
  assert.equal(pretty({ statusCode: 0, list: [1, "two", null] }), '{"statusCode": 0, "list": [1, "two", null]}');
  assert.equal(pretty([]), "[]");
  assert.equal(pretty("text"), '"text"');
});

test("what does not fit is laid out, and says the same", () => {
  const value = { name: "x".repeat(60), words: Array(20).fill("a word"), inner: { a: { b: "y".repeat(80) }, c: [{ d: 1 }] } };
  const text = pretty(value);
  assert.ok(text.split("\n").length > 6);
  assert.ok(text.split("\n").every((line) => line.length <= 100));
  assert.deepEqual(JSON.parse(text), value);
});

test("a list of words fills its lines", () => {
  const lines = pretty(Array(40).fill("word")).split("\n");
  assert.ok(lines.length < 8);
  assert.deepEqual(JSON.parse(lines.join("\n")), Array(40).fill("word"));
});
