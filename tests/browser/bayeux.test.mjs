// The Bayeux client against a server in a script: what it sends, and what it does with each answer (SPEC 4.1, 4.2).
import assert from "node:assert/strict";
import test from "node:test";
import { Bayeux } from "../../src/smsdesk/http/pages/bayeux.js";

const RETRY = { reconnect: "retry", interval: 0, timeout: 30_000 };
const UNKNOWN = { successful: false, error: "402::Unknown client", advice: { reconnect: "handshake", interval: 0 } };
const TOPICS = ["/v2/me/smssessions", "/v2/me/channels"];

/**
 * Runs a client against `answers`, functions (request, post) -> answers by name of the meta channel; the list under
 * "connect" is used one by one, and the client is stopped when it is empty. Everything that happens goes into `log`.
 */
async function run({ connects, handshake = {}, subscribe = {}, catchUp = () => null }) {
  const log = [];
  const posts = [];
  let clients = 0;
  const client = new Bayeux({
    topics: TOPICS,
    random: () => 1,
    wait: async (milliseconds) => { log.push(`wait ${milliseconds}`); },
    post: async (messages, { signal, timeout }) => {
      posts.push({ messages, timeout });
      assert.equal(signal.aborted, false);
      const name = messages[0].channel.slice(6);
      log.push(name === "subscribe" ? `subscribe ${messages.map((each) => each.subscription).join(" ")}` : name);
      if (name === "handshake") {
        clients += 1;
        return [{ channel: "/meta/handshake", id: messages[0].id, successful: true, clientId: `c${clients}`, advice: RETRY, ...handshake }];
      }
      if (name === "subscribe") {
        return [...(subscribe.early ?? []), ...messages.map(({ id, channel, subscription }) => ({ channel, id, subscription, successful: true, ...subscribe.reply }))];
      }
      if (!connects.length) {
        client.stop();
        return [];
      }
      const next = connects.shift();
      if (next === "held") await heldUntilNudged(signal, client);
      if (next instanceof Error) throw next;
      const { data = [], ...reply } = next;
      return [...data.map((each) => ({ channel: TOPICS[0], data: each })), { channel: "/meta/connect", id: messages[0].id, successful: true, ...reply }];
    },
    catchUp: async () => { log.push("read"); await catchUp(); },
    onMessage: (channel, data) => log.push(`${channel} ${data}`),
    onState: (state, delay) => log.push(delay ? `${state} ${delay}` : state),
    onDenied: () => log.push("denied"),
  });
  await client.start();
  return { log, posts };
}

function heldUntilNudged(signal, client) {
  setImmediate(() => client.nudge());
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }));
}

const BEGIN = ["connecting", "handshake", "subscribe /v2/me/smssessions /v2/me/channels", "catching-up", "read", "live"];
const AGAIN = ["handshake", "subscribe /v2/me/smssessions /v2/me/channels", "catching-up", "read", "live"];

test("handshake, both topics, read, then listen", async () => {
  const { log, posts } = await run({ connects: [{}, { data: ["a", "b"] }] });
  assert.deepEqual(log, [...BEGIN, "connect", "connect", "/v2/me/smssessions a", "/v2/me/smssessions b", "connect"]);
  const { id, ...handshake } = posts[0].messages[0];
  assert.ok(id);
  assert.deepEqual(handshake, { channel: "/meta/handshake", version: "1.0", minimumVersion: "1.0", supportedConnectionTypes: ["long-polling"], ext: { ack: true } });
  assert.deepEqual(posts[1].messages.map((each) => each.clientId), ["c1", "c1"]);
  assert.deepEqual([posts[2].messages[0].clientId, posts[2].messages[0].connectionType], ["c1", "long-polling"]);
  assert.equal(new Set(posts.flatMap((each) => each.messages.map((message) => message.id))).size, 6);
});

test("a poll may take as long as the server says, and somewhat more", async () => {
  const { posts } = await run({ connects: [{ advice: { ...RETRY, timeout: 50_000 } }] });
  assert.deepEqual(posts.map((each) => each.timeout), [15_000, 15_000, 45_000, 65_000]);
});

test("acknowledgements are sent where the server has them, and only there", async () => {
  const acks = (posts) => posts.filter((each) => each.messages[0].channel === "/meta/connect").map((each) => each.messages[0].ext);
  const { posts } = await run({ connects: [{ ext: { ack: 4 } }, {}, { ext: { ack: 5 } }], handshake: { ext: { ack: true } } });
  assert.deepEqual(acks(posts), [{ ack: -1 }, { ack: 4 }, { ack: 4 }, { ack: 5 }]);
  assert.deepEqual(acks((await run({ connects: [{ ext: { ack: 4 } }] })).posts), [undefined, undefined]);
});

test("forgotten by the server: handshake at once, subscribe and read again", async () => {
  const { log, posts } = await run({ connects: [{}, UNKNOWN, { data: ["a"] }] });
  assert.deepEqual(log, [...BEGIN, "connect", "connect", "catching-up", "wait 0", ...AGAIN, "connect", "/v2/me/smssessions a", "connect"]);
  assert.equal(posts.at(-1).messages[0].clientId, "c2");
});

test("forgotten again and again it gets slower", async () => {
  const { log } = await run({ connects: [UNKNOWN, UNKNOWN, UNKNOWN, {}, UNKNOWN] });
  assert.deepEqual(log.filter((each) => each.startsWith("wait")), ["wait 0", "wait 1000", "wait 2000", "wait 0"]);
});

test("the server asks for more patience than we have", async () => {
  const busy = { successful: false, error: "503::Too many sessions", advice: { reconnect: "handshake", interval: 10_000 } };
  const { log } = await run({ connects: [busy] });
  assert.deepEqual(log.slice(7, 9), ["offline 10000", "wait 10000"]);
});

test("a broken connection backs off, keeps its client and reads again", async () => {
  const broken = new Error("broken");
  const { log } = await run({ connects: [{}, broken, broken, {}, broken] });
  assert.deepEqual(log, [...BEGIN, "connect", "connect", "offline 500", "wait 500", "catching-up", "read", "live",
    "connect", "offline 1000", "wait 1000", "catching-up", "read", "live", "connect",
    "connect", "offline 500", "wait 500", "catching-up", "read", "live", "connect"]);
});

test("the pause never grows beyond fifteen seconds", async () => {
  const { log } = await run({ connects: Array.from({ length: 12 }, () => new Error("broken")) });
  assert.equal(log.filter((each) => each.startsWith("wait")).at(-1), "wait 15000");
});

test("reading fails: no poll before it was read", async () => {
  let tries = 0;
  const { log } = await run({ connects: [], catchUp: () => { tries += 1; if (tries < 3) throw new Error("busy"); } });
  assert.deepEqual(log.slice(3), ["catching-up", "read", "offline 500", "wait 500", "catching-up", "read", "offline 1000", "wait 1000",
    "catching-up", "read", "live", "connect"]);
});

test("what arrives with a subscription waits until everything was read", async () => {
  const { log } = await run({ connects: [], subscribe: { early: [{ channel: TOPICS[1], data: "early" }] } });
  assert.deepEqual(log.slice(3), ["catching-up", "read", "/v2/me/channels early", "live", "connect"]);
});

test("an advice to wait between polls is followed", async () => {
  const { log } = await run({ connects: [{ advice: { ...RETRY, interval: 700 } }, { advice: RETRY }] });
  assert.deepEqual(log.slice(6), ["connect", "wait 700", "connect", "connect"]);
});

test("not signed in any more, another user's client, or told to go: it ends", async () => {
  const denied = Object.assign(new Error("Access denied"), { denied: true });
  assert.deepEqual((await run({ connects: [{}, denied, {}] })).log.slice(7), ["connect", "stopped", "denied"]);
  const foreign = { successful: false, error: "403::Forbidden client" };
  assert.deepEqual((await run({ connects: [foreign, {}] })).log.slice(6), ["connect", "stopped", "denied"]);
  const go = { successful: false, error: "400::Unsupported connection type", advice: { reconnect: "none" } };
  assert.deepEqual((await run({ connects: [go, {}] })).log.slice(6), ["connect", "stopped"]);
});

test("a refused subscription is no subscription", async () => {
  const { log } = await run({ connects: [{}], subscribe: { reply: { successful: false, error: "403::Subscribe denied" } } });
  assert.deepEqual(log.slice(3), ["stopped", "denied"]);
});

test("a nudge cuts a held poll short; what was missed is read, and the next poll is held again", async () => {
  const { log } = await run({ connects: [{}, "held", { data: ["a"] }] });
  assert.deepEqual(log.slice(6), ["connect", "connect", "offline 500", "wait 500", "catching-up", "read", "live",
    "connect", "/v2/me/smssessions a", "connect"]);
});
