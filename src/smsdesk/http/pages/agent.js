/**
 * The agent's page: signs in, keeps the state up to date over the public API, and hands it to the parts that draw it.
 * Everything it shows can be had by any other client; it has no door of its own.
 */
import { Api } from "./api.js";
import { Bayeux } from "./bayeux.js";
import { Details } from "./details.js";
import { icon } from "./dom.js";
import { Offers, offerMemory } from "./offers.js";
import { Talk } from "./talk.js";
import * as desk from "./state.js";
import { ConversationList, Toasts, confirmed, showConnection, showReadiness } from "./frame.js";

const TOPICS = ["/v2/me/smssessions", "/v2/me/channels"];
const at = (id) => document.getElementById(id);

const api = new Api(document.baseURI);
const toasts = new Toasts(at("toasts"));
const memory = offerMemory();
let state = desk.emptyState();
let client = null;
let selected = null;
let focusWanted = false;
const read = new Map();

const talk = new Talk(at, {
  send: (id, text, key) => perform(id, "SendMessage", { text }, key),
  typing: (id, started) => perform(id, started ? "SendStartTypingNotification" : "SendStopTypingNotification").catch(() => null),
  leave: (id) => attempt(() => perform(id, "Leave")),
  complete: (id) => complete(id),
});
const details = new Details(at, {
  disposition: (id, disposition) => perform(id, "SetDisposition", { disposition }),
  write: (id, added, key, value) => perform(id, added ? "AttachUserData" : "UpdateUserData", { userData: { [key]: value } }),
  remove: (id, key) => perform(id, "DeleteUserData", { keys: [key] }),
});
const offers = new Offers(at("offers"), at("announcer"), {
  accept: async (id) => {
    if (await attempt(() => perform(id, "Accept"))) select(id);
  },
  reject: (id) => attempt(() => perform(id, "Reject")),
});
const list = new ConversationList(at, (id) => select(id));

// ---- drawing ----

function change(next) {
  state = next;
  state.problems.forEach((problem) => toasts.say(problem.text));
  state = desk.withoutProblems(state);
  memory.keep(desk.offers(state));
  render();
}

function render() {
  if (!state.me) return;
  const now = Date.now();
  const conversations = desk.conversations(state);
  if (selected && !state.sessions.has(selected)) closeSelected();
  const session = conversations.find((each) => each.resource.id === selected) ?? null;
  if (session && !document.hidden) read.set(selected, session.messages.at(-1)?.index ?? 0);
  showReadiness(at, state);
  const ringing = desk.offers(state);
  document.title = ringing.length ? `(${ringing.length}) New text · smsdesk` : "smsdesk";
  offers.show(ringing, state.me, now);
  list.show(conversations, state, selected, read);
  talk.show(session, state.me, now);
  details.show(session);
  at("idle").hidden = session !== null;
  if (session && focusWanted) talk.focus();
  focusWanted &&= !session;
}

/** The conversation in view is over: back to the list, and the keyboard with it. */
function closeSelected() {
  selected = null;
  view("list");
  at("list-title").focus();
}

function select(id) {
  selected = id;
  focusWanted = true;
  view("talk");
  render();
}

/** The address names the conversation, so that a reload comes back to it. */
function view(name) {
  history.replaceState(null, "", selected ? `#${selected}` : location.pathname);
  at("views").dataset.view = name;
  at("details-toggle").setAttribute("aria-expanded", String(name === "details"));
}

// ---- doing ----

/** Any operation on a session; whoever is not signed in any more is told so. */
async function perform(id, name, parameters, key) {
  try {
    await api.perform(id, name, parameters, key);
  } catch (error) {
    if (error.denied) signedOut("Please sign in again.");
    throw error;
  }
}

async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (error.denied) signedOut("Please sign in again.");
    else toasts.say(error.message);
    return false;
  }
}

async function complete(id) {
  try {
    await perform(id, "Complete");
  } catch (error) {
    if (!/disposition/i.test(error.message)) return toasts.say(error.message);
    view("details");
    details.wantDisposition(error.message);
  }
}

async function toggleReady() {
  at("ready").disabled = true;
  if (state.channel === "LoggedOut") await attempt(() => startWork());
  else await attempt(() => api.readiness(state.channel === "Ready" ? "NotReady" : "Ready"));
  at("ready").disabled = false;
}

async function startWork() {
  await api.contactCenter("StartContactCenterSession", { channels: ["smssession"] });
}

// ---- signing in and out ----

async function signIn(event) {
  event.preventDefault();
  at("signin-button").disabled = true;
  at("signin-error").textContent = "";
  try {
    enter(await api.signIn(at("user-name").value.trim(), await chosenPassword()), true);
    askForNewPassword(false);
    at("password").value = "";
  } catch (error) {
    if (error.passwordExpired) return askForNewPassword(true);
    at("signin-error").textContent = error.denied ? "The user name or the password is wrong." : error.message;
    (at("new-password-part").hidden ? at("password") : at("new-password")).select();
  } finally {
    at("signin-button").disabled = false;
  }
}

/** The password to sign in with: the one typed, or the new one in its place. */
async function chosenPassword() {
  const password = at("password").value;
  if (at("new-password-part").hidden) return password;
  const chosen = at("new-password").value;
  await api.changePassword(at("user-name").value.trim(), password, chosen);
  at("password").value = chosen;
  askForNewPassword(false);
  return chosen;
}

function askForNewPassword(wanted) {
  at("new-password-part").hidden = !wanted;
  at("new-password").value = "";
  at("signin-error").textContent = wanted ? "Please choose a new password before you go on." : "";
  if (wanted) at("new-password").focus();
}

function enter(user, fresh) {
  read.clear();
  state = desk.withUser(desk.emptyState(), user);
  at("signin").hidden = true;
  at("desk").hidden = false;
  at("menu-name").textContent = state.me.name;
  at("avatar").textContent = state.me.name.slice(0, 1).toUpperCase();
  at("menu-about").textContent = `Signed in as ${state.me.userName}`;
  render();
  if (fresh) at("ready").focus();
  listen(fresh && state.channel === "LoggedOut");
}

/** Subscribes, then reads; `work` says that the agent came to work and not only back. */
function listen(work) {
  let wanted = work;
  client = new Bayeux({
    topics: TOPICS,
    post: (messages, options) => api.notifications(messages, options),
    catchUp: async () => {
      await catchUp();
      if (!wanted) return;
      wanted = false;
      await attempt(() => startWork());
    },
    onMessage: (channel, data) => change(desk.withNotification(state, data, Date.now())),
    onState: (name, delay) => showConnection(at, name, delay),
    onDenied: () => signedOut("Please sign in again."),
  });
  client.start();
}

async function catchUp() {
  const user = await api.me();
  if (user.id !== state.me.id) throw Object.assign(new Error("Somebody else signed in."), { denied: true });
  const sessions = await api.sessions();
  const running = sessions.filter((each) => each.state !== "Invited");
  const transcripts = new Map(await Promise.all(running.map(async (each) => [each.id, await transcript(each.id)])));
  selected ??= location.hash.slice(1) || null;
  if (running.some((each) => each.id === selected) && at("views").dataset.view === "list") view("talk");
  change(desk.withSnapshot(desk.withUser(state, user), { sessions, transcripts, offeredAt: memory.recall() }, Date.now()));
}

/** A session that ended between the two reads has no transcript; its end is already on the way. */
async function transcript(id) {
  return api.messages(id).catch((error) => { if (error.code === 6) return []; throw error; });
}

async function signOut() {
  at("menu").open = false;
  const count = state.sessions.size;
  if (count && !(await confirmed(at, `${count === 1 ? "One conversation goes" : `${count} conversations go`} back to the queue. Sign out?`))) return;
  if (await attempt(() => api.contactCenter("EndContactCenterSession"))) signedOut("");
}

function signedOut(reason) {
  client?.stop();
  client = null;
  selected = null;
  state = desk.emptyState();
  offers.show([], null, Date.now());
  talk.show(null);
  details.show(null);
  document.title = "smsdesk";
  at("desk").hidden = true;
  at("signin").hidden = false;
  at("signin-error").textContent = reason;
  at("user-name").focus();
}

// ---- beginning ----

at("signin-form").addEventListener("submit", signIn);
at("signout").addEventListener("click", signOut);
at("ready").addEventListener("click", toggleReady);
at("back").append(icon("back"));
at("back").addEventListener("click", () => { closeSelected(); render(); });
at("details-toggle").append(icon("info"));
at("details-toggle").addEventListener("click", () => { view("details"); at("details-back").focus(); });
at("details-back").append(icon("back"));
at("details-back").addEventListener("click", () => { view("talk"); at("details-toggle").focus(); });
addEventListener("online", () => client?.nudge());
addEventListener("offline", () => client?.nudge());
document.addEventListener("visibilitychange", render);
document.addEventListener("click", (event) => { if (!at("menu").contains(event.target)) at("menu").open = false; });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") at("menu").open = false; });
setInterval(render, 1000);

try {
  enter(await api.me(), false);
} catch (error) {
  signedOut(error.denied ? "" : error.message);
}
