// Typing notices cost entries in the transcript, so they are rare (SPEC 8.9).
import assert from "node:assert/strict";
import test from "node:test";
import { TypingNotices } from "../../src/smsdesk/http/pages/typing.js";

function notices(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const told = [];
  return { told, typing: new TypingNotices((id, started) => told.push([id, started]), () => Date.now()), tick: (ms) => t.mock.timers.tick(ms) };
}

test("one start for many keys, one stop after silence", (t) => {
  const { told, typing, tick } = notices(t);
  for (let key = 0; key < 50; key += 1) {
    typing.typed("s1", true);
    tick(200);
  }
  assert.deepEqual(told, [["s1", true]]);
  tick(6_000);
  assert.deepEqual(told, [["s1", true], ["s1", false]]);
});

test("after a stop no start for eight seconds", (t) => {
  const { told, typing, tick } = notices(t);
  typing.typed("s1", true);
  typing.stop();
  typing.typed("s1", true);
  assert.deepEqual(told, [["s1", true], ["s1", false]]);
  tick(8_000);
  typing.typed("s1", true);
  assert.deepEqual(told.at(-1), ["s1", true]);
});

test("an emptied composer and another conversation stop it; stopping twice says nothing", (t) => {
  const { told, typing, tick } = notices(t);
  typing.typed("s1", true);
  typing.typed("s1", false);
  assert.deepEqual(told, [["s1", true], ["s1", false]]);
  tick(8_000);
  typing.typed("s1", true);
  typing.typed("s2", true);
  typing.stop();
  assert.deepEqual(told.slice(2), [["s1", true], ["s1", false]]);
});
