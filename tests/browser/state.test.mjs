// The desk's memory: what notifications make of a snapshot (SPEC 3, 4.4, 4.5).
import assert from "node:assert/strict";
import test from "node:test";
import * as desk from "../../src/smsdesk/http/pages/state.js";

const ME = { id: "a".repeat(32), userName: "agent1", firstName: "Ada", lastName: "Byron", channels: [] };
const CUSTOMER = { participantId: "00000000000000C1", id: "00000000000000C1", nickname: "+15550111", type: "Customer", visibility: "All" };
const AGENT = { participantId: "00000000000000A1", id: "00000000000000A1", nickname: "Ada", type: "Agent", visibility: "All",
  uri: `http://h/api/v2/users/${ME.id}`, path: `/users/${ME.id}` };
const OTHER = { ...AGENT, participantId: "00000000000000A2", id: "00000000000000A2", nickname: "Ben",
  uri: `http://h/api/v2/users/${"b".repeat(32)}`, path: `/users/${"b".repeat(32)}` };
const ID = "0000Na9B26EF002X";
const CHATTING = ["Leave", "SetDisposition", "Complete", "SendMessage"];

const session = (over = {}) => ({ id: ID, uri: `http://h/api/v2/smssessions/${ID}`, path: `/smssessions/${ID}`, state: "Chatting",
  capabilities: CHATTING, participants: [CUSTOMER, AGENT], userData: { Subject: "hello", Number: 1 },
  receivedDate: "2014-05-05 11:08:45.000-0700", chatType: "Inbound", ...over });
const changed = (notificationType, over, more = {}) =>
  ({ messageType: "SMSsessionStateChangeMessage", notificationType, smssession: session(over), ...more });
const entry = (index, type, from, over = {}) =>
  ({ index, type, from, visibility: "All", timestampSeconds: 1000 * index, timestamp: "1970-01-01 00:00:00.000+0000", ...over });
const logged = (...messages) => ({ messageType: "MessageLogUpdated", notificationType: "NewMessages", messages,
  smssessionUri: `http://h/api/v2/smssessions/${ID}`, smssessionPath: `/smssessions/${ID}` });
const after = (...notifications) => notifications.reduce((state, each) => desk.withNotification(state, each, 50_000), begun());

function begun() {
  return desk.withUser(desk.emptyState(), ME);
}

function read(sessions, transcripts = [], offeredAt = new Map(), now = 50_000) {
  return desk.withSnapshot(begun(), { sessions, transcripts: new Map(transcripts), offeredAt }, now);
}

test("an offer rings from the moment it is told, 30 seconds", () => {
  const state = after(changed("StatusChange", { state: "Invited", capabilities: ["Accept", "Reject"], participants: [CUSTOMER] }));
  const [offer] = desk.offers(state);
  assert.equal(desk.customerName(offer), "+15550111");
  assert.equal(desk.secondsLeft(offer, 50_000), 30);
  assert.equal(desk.secondsLeft(offer, 62_001), 18);
  assert.equal(desk.secondsLeft(offer, 99_000), 0);
  assert.deepEqual(desk.conversations(state), []);
});

test("other news about an offer does not start the ring anew", () => {
  const offer = { state: "Invited", participants: [CUSTOMER] };
  const state = desk.withNotification(after(changed("StatusChange", offer)), changed("PropertiesUpdated", offer), 60_000);
  assert.equal(desk.offers(state)[0].offeredAt, 50_000);
});

test("offered again after it was taken back, it rings anew", () => {
  const offer = { state: "Invited", participants: [CUSTOMER] };
  const gone = after(changed("StatusChange", offer), changed("StatusChange", { state: "Revoked", capabilities: [] }));
  assert.deepEqual(desk.offers(gone), []);
  assert.equal(desk.offers(desk.withNotification(gone, changed("StatusChange", offer), 90_000))[0].offeredAt, 90_000);
});

test("an offer seen before a reload goes on ringing where it was", () => {
  const offer = session({ state: "Invited" });
  assert.equal(desk.offers(read([offer], [], new Map([[ID, 41_000]])))[0].offeredAt, 41_000);
  assert.equal(desk.offers(read([offer]))[0].offeredAt, 50_000);
});

test("the three notifications of Accept give what a fresh read gives", () => {
  const transcript = [entry(1, "ParticipantJoined", CUSTOMER), entry(2, "Text", CUSTOMER, { text: "hello" }), entry(3, "ParticipantJoined", AGENT)];
  const told = after(changed("StatusChange", { state: "Invited", participants: [CUSTOMER] }),
    changed("StatusChange", { participants: [] }, { referenceId: 17 }), changed("ParticipantsUpdated"), logged(...transcript));
  const fresh = read([session()], [[ID, transcript]]);
  assert.deepEqual(told.sessions.get(ID), fresh.sessions.get(ID));
});

test("attached data is what the notification says, not a mixture", () => {
  const state = after(changed("StatusChange"), changed("PropertiesUpdated", { userData: { Subject: "hello" } }, { referenceId: 15 }));
  assert.deepEqual(desk.conversations(state)[0].resource.userData, { Subject: "hello" });
});

test("what a notification leaves out stays", () => {
  const bare = { messageType: "SMSsessionStateChangeMessage", notificationType: "StatusChange", smssession: { id: ID, state: "LeftChat", capabilities: ["Complete"] } };
  const [left] = desk.conversations(after(changed("StatusChange"), bare));
  assert.equal(left.resource.state, "LeftChat");
  assert.deepEqual(left.resource.userData, { Subject: "hello", Number: 1 });
  assert.equal(desk.can(left, "SendMessage"), false);
  assert.equal(desk.can(left, "Complete"), true);
});

test("Completed and Revoked leave the desk", () => {
  for (const state of ["Completed", "Revoked"]) {
    assert.equal(after(changed("StatusChange"), changed("StatusChange", { state })).sessions.size, 0);
    assert.equal(read([session({ state })]).sessions.size, 0);
  }
});

test("transcripts join by index: repeated, late and changed entries each stand once", () => {
  const state = after(changed("StatusChange"), logged(entry(5, "Text", AGENT, { text: "b" })), logged(entry(2, "Text", CUSTOMER, { text: "a" })),
    logged(entry(5, "Text", AGENT, { text: "b", delivery: { state: "Delivered", parts: 1 } })));
  const [{ messages }] = desk.conversations(state);
  assert.deepEqual(messages.map((each) => each.index), [2, 5]);
  assert.equal(messages[1].delivery.state, "Delivered");
});

test("the session of a transcript is found by its uri alone", () => {
  const news = logged(entry(1, "Text", CUSTOMER, { text: "a" }));
  delete news.smssessionPath;
  assert.equal(desk.conversations(after(changed("StatusChange"), news))[0].messages.length, 1);
});

test("a transcript of a session that is not ours changes nothing", () => {
  const state = begun();
  assert.equal(desk.withNotification(state, logged(entry(1, "Text", CUSTOMER, { text: "a" })), 1), state);
});

test("a snapshot drops what vanished and keeps what was heard before", () => {
  const heard = after(changed("StatusChange"), logged(entry(1, "Text", CUSTOMER, { text: "a" })));
  const again = desk.withSnapshot(heard, { sessions: [session()], transcripts: new Map([[ID, [entry(2, "Text", AGENT, { text: "b" })]]]) }, 1);
  assert.deepEqual(desk.conversations(again)[0].messages.map((each) => each.index), [1, 2]);
  assert.equal(desk.withSnapshot(heard, { sessions: [], transcripts: new Map() }, 1).sessions.size, 0);
});

test("the state of the SMS channel follows its messages", () => {
  const told = (state) => ({ messageType: "ChannelStateChangeMessageV2", channels: [{ channel: "voice", userState: { state: "Ready" } },
    { channel: "smssession", userState: { state } }] });
  assert.equal(begun().channel, "LoggedOut");
  assert.equal(after(told("NotReady")).channel, "NotReady");
  assert.equal(after(told("Ready"), { messageType: "ChannelStateChangeMessageV2", channels: [] }).channel, "Ready");
  assert.equal(after(told("Ready"), told("LoggedOut")).channel, "LoggedOut");
});

test("an Error notification is a problem in words and changes no session", () => {
  const before = after(changed("StatusChange"));
  const state = desk.withNotification(before, { notificationType: "Error", errorMessage: "Request failed", referenceId: 35 }, 1);
  assert.deepEqual(state.problems.map((each) => each.text), ["Request failed"]);
  assert.equal(state.sessions, before.sessions);
  assert.deepEqual(desk.withoutProblems(state).problems, []);
});

test("nothing that is given is changed", () => {
  const before = after(changed("StatusChange"), logged(entry(1, "Text", CUSTOMER, { text: "a" })));
  const copy = structuredClone(before);
  desk.withNotification(before, logged(entry(2, "Text", AGENT, { text: "b" })), 1);
  desk.withNotification(before, changed("StatusChange", { state: "Completed" }), 1);
  desk.withSnapshot(before, { sessions: [], transcripts: new Map() }, 1);
  assert.deepEqual(before, copy);
});

test("voices: customer, mine, another agent, system", () => {
  const { me } = begun();
  assert.equal(desk.voice(entry(1, "Text", CUSTOMER), me), "customer");
  assert.equal(desk.voice(entry(1, "Text", AGENT), me), "mine");
  assert.equal(desk.voice(entry(1, "PushUrl", OTHER), me), "agent");
  assert.equal(desk.voice(entry(1, "Text", { nickname: "PoD service", type: "External" }), me), "system");
  assert.equal(desk.voice(entry(1, "ParticipantJoined", AGENT), me), "system");
});

test("entries in words", () => {
  const { me } = begun();
  assert.equal(desk.words(entry(1, "ParticipantJoined", AGENT), me), "You joined");
  assert.equal(desk.words(entry(1, "ParticipantLeft", OTHER), me), "Ben left");
  assert.equal(desk.words(entry(1, "CustomNotice", OTHER, { noticeText: "x" }), me), "x");
  assert.equal(desk.words(entry(1, "Notice", OTHER, { text: `REMOVE_PARTICIPANT_FROM_CONFERENCE${ME.id}` }), me), "An agent was removed");
  assert.equal(desk.words(entry(1, "PushUrl", OTHER, { url: "https://a.example/" }), me), "https://a.example/");
});

test("typing shows for others only, until they write, stop or fall silent", () => {
  const { me } = begun();
  const typing = (...messages) => desk.typing({ messages }, me, 10_000);
  assert.deepEqual(typing(entry(5, "TypingStarted", OTHER)), ["Ben"]);
  assert.deepEqual(typing(entry(5, "TypingStarted", AGENT)), []);
  assert.deepEqual(typing(entry(5, "TypingStarted", OTHER), entry(6, "TypingStopped", OTHER)), []);
  assert.deepEqual(typing(entry(5, "TypingStarted", OTHER), entry(6, "Text", OTHER, { text: "x" })), []);
  assert.deepEqual(desk.typing({ messages: [entry(5, "TypingStarted", OTHER)] }, me, 25_001), []);
  assert.deepEqual(desk.entries({ messages: [entry(5, "TypingStarted", OTHER)] }), []);
});

test("previews and unread counts", () => {
  const [one] = desk.conversations(after(changed("StatusChange"), logged(entry(1, "Text", CUSTOMER, { text: "a" }),
    entry(2, "Text", AGENT, { text: "b" }), entry(3, "TypingStarted", AGENT), entry(4, "ParticipantLeft", AGENT))));
  assert.equal(desk.preview(one, begun().me), "You: b");
  assert.equal(desk.unread(one, 0), 1);
  assert.equal(desk.unread(one, 1), 0);
  assert.equal(desk.preview({ resource: { userData: { _smsText: "first" } }, messages: [] }, null), "first");
});

test("receivedDate is read in all its printed forms, or not at all", () => {
  const at = (receivedDate) => desk.receivedAt({ resource: { receivedDate } });
  assert.equal(at("2014-05-05 11:08:45.000-0700"), Date.UTC(2014, 4, 5, 18, 8, 45));
  assert.equal(at("2026-01-02 03:04:05.678+0000"), Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  assert.equal(at(undefined), null);
  assert.equal(at("yesterday"), null);
});
