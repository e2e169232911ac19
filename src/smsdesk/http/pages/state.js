/**
 * The desk's memory: a snapshot of the agent's work, and notifications applied to it (SPEC 4.4, 4.5).
 * Pure: it knows no page, no network and no clock; every function returns a new state and changes nothing.
 */

/** Seconds an offer rings before the server takes it back. */
export const RING_SECONDS = 30;
/** Where SetDisposition stores its value unless told otherwise. */
export const DISPOSITION_KEY = "DispositionCode";
/** Typing older than this many milliseconds is taken for forgotten. */
const TYPING_LASTS = 20_000;

const FINISHED = new Set(["Completed", "Revoked"]);
const CHANNEL = "smssession";

/** @returns a desk without work: me, channel state, sessions by id, problems reported by the server. */
export function emptyState() {
  return { me: null, channel: "LoggedOut", sessions: new Map(), problems: [] };
}

/** Remembers who is signed in, and the channel state that comes with it. */
export function withUser(state, user) {
  const name = [user.firstName, user.lastName].filter(Boolean).join(" ") || user.userName;
  const me = { id: user.id, userName: user.userName, firstName: user.firstName, name };
  return { ...state, me, channel: channelState(user.channels, "LoggedOut") };
}

/**
 * Replaces all sessions by what was just read. What vanished meanwhile is gone.
 * @param sessions session resources; transcripts: Map id -> messages; offeredAt: Map id -> ms of offers seen before a reload
 */
export function withSnapshot(state, { sessions, transcripts, offeredAt = new Map() }, now) {
  const fresh = sessions.filter((resource) => !FINISHED.has(resource.state)).map((resource) => {
    const old = state.sessions.get(resource.id);
    const messages = merged(old?.messages ?? [], transcripts.get(resource.id) ?? []);
    return [resource.id, { resource, messages, offeredAt: old?.offeredAt ?? offeredAt.get(resource.id) ?? now }];
  });
  return { ...state, sessions: new Map(fresh) };
}

/** Applies one notification; what it does not know it leaves alone. */
export function withNotification(state, data, now) {
  if (data.messageType === "ChannelStateChangeMessageV2") {
    return { ...state, channel: channelState(data.channels, state.channel) };
  }
  if (data.messageType === "MessageLogUpdated") return withMessages(state, sessionIdOf(data), data.messages ?? []);
  const known = data.smssession?.id ? withResource(state, data.smssession, now) : state;
  if (data.notificationType !== "Error") return known;
  const problem = { sessionId: sessionIdOf(data), text: data.errorMessage ?? "Request failed" };
  return { ...known, problems: [...known.problems, problem] };
}

/** @returns the state with its problems taken as told. */
export function withoutProblems(state) {
  return { ...state, problems: [] };
}

function withResource(state, resource, now) {
  const sessions = new Map(state.sessions);
  const old = sessions.get(resource.id);
  if (FINISHED.has(resource.state)) sessions.delete(resource.id);
  else {
    const rings = resource.state === "Invited" && old?.resource.state !== "Invited";
    sessions.set(resource.id, {
      resource: { ...old?.resource, ...resource },
      messages: old?.messages ?? [],
      offeredAt: rings ? now : old?.offeredAt ?? now,
    });
  }
  return { ...state, sessions };
}

function withMessages(state, id, messages) {
  const old = state.sessions.get(id);
  if (!old) return state;
  return { ...state, sessions: new Map(state.sessions).set(id, { ...old, messages: merged(old.messages, messages) }) };
}

/** Joins two transcripts by index; the later version of an entry wins, gaps stay gaps. */
function merged(old, incoming) {
  const byIndex = new Map(old.map((message) => [message.index, message]));
  incoming.forEach((message) => byIndex.set(message.index, message));
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

function channelState(channels, otherwise) {
  const sms = (channels ?? []).find((each) => each.channel === CHANNEL);
  return sms?.userState?.state ?? otherwise;
}

/** Transcript notifications carry no id, only an address that ends in it. */
function sessionIdOf(data) {
  return data.smssession?.id ?? (data.smssessionPath ?? data.smssessionUri ?? "").split("/").pop();
}

// ---- questions about a state ----

/** @returns sessions that ring, oldest first. */
export function offers(state) {
  return [...state.sessions.values()].filter((session) => session.resource.state === "Invited")
    .sort((a, b) => a.offeredAt - b.offeredAt);
}

/** @returns sessions that are work in hand, in the order they came. */
export function conversations(state) {
  return [...state.sessions.values()].filter((session) => session.resource.state !== "Invited");
}

/** @returns whether the server advertises this operation for the session now. */
export function can(session, operation) {
  return (session.resource.capabilities ?? []).includes(operation);
}

/** @returns whole seconds until the offer is taken back, never below 0. */
export function secondsLeft(session, now) {
  return Math.max(0, Math.ceil((session.offeredAt + RING_SECONDS * 1000 - now) / 1000));
}

/** @returns what to call the customer. */
export function customerName(session) {
  const customer = (session.resource.participants ?? []).find((each) => each.type === "Customer")
    ?? session.messages.find((message) => message.from?.type === "Customer")?.from;
  return customer?.nickname ?? session.resource.customerNumber ?? "Customer";
}

/** @returns when the session began, in milliseconds; the API prints `2014-05-05 11:08:45.000-0700`. */
export function receivedAt(session) {
  const [, date, time, hours, minutes] = /^(\S+) ?(\S+?)([+-]\d\d):?(\d\d)$/.exec(session.resource.receivedDate ?? "") ?? [];
  return date ? Date.parse(`${date}T${time}${hours}:${minutes}`) : null;
}

/** @returns "mine", "agent", "customer" or "system": whose voice an entry is. */
export function voice(message, me) {
  if (message.type !== "Text" && message.type !== "PushUrl") return "system";
  if (message.from?.type === "Customer") return "customer";
  if (message.from?.type !== "Agent") return "system";
  return isMe(message.from, me) ? "mine" : "agent";
}

function isMe(participant, me) {
  return (participant.path ?? participant.uri ?? "").split("/").pop() === me?.id;
}

/** @returns entries to show: everything but typing, which comes and goes. */
export function entries(session) {
  return session.messages.filter((message) => !message.type.startsWith("Typing") && message.type !== "TranscriptSaveDone");
}

/** @returns names of other agents who are typing at `now`. */
export function typing(session, me, now) {
  const latest = new Map();
  session.messages.forEach((message) => {
    if (message.from && !isMe(message.from, me)) latest.set(message.from.participantId, message);
  });
  return [...latest.values()]
    .filter((message) => message.type === "TypingStarted" && now - message.timestampSeconds < TYPING_LASTS)
    .map((message) => message.from.nickname);
}

/** @returns an entry in words. */
export function words(message, me) {
  const who = isMe(message.from ?? {}, me) ? "You" : message.from?.nickname ?? "Somebody";
  switch (message.type) {
    case "ParticipantJoined": return `${who} joined`;
    case "ParticipantRejoined": return `${who} rejoined`;
    case "ParticipantLeft": return `${who} left`;
    case "PushUrl": return message.url ?? "";
    case "CustomNotice": return message.noticeText ?? "";
    case "NicknameUpdated": return `${who} is now called ${message.noticeText}`;
    case "Notice": return message.text?.startsWith("REMOVE_PARTICIPANT") ? "An agent was removed" : message.text ?? "Notice";
    default: return message.text ?? message.type;
  }
}

/** @returns the newest words of a session, for a list or an offer. */
export function preview(session, me) {
  const last = entries(session).filter((message) => voice(message, me) !== "system").pop();
  if (last) return (voice(last, me) === "mine" ? "You: " : "") + words(last, me);
  const data = session.resource.userData ?? {};
  return String(data._smsText ?? data.Subject ?? "");
}

/** @returns how many texts of the customer stand after entry `index`. */
export function unread(session, index) {
  return session.messages.filter((message) => message.index > index && message.type === "Text"
    && message.from?.type === "Customer").length;
}
