/**
 * The conversation in the middle of the desk: who it is with, its transcript and the composer.
 * It draws a session and reports what the agent does; what an operation means is decided elsewhere.
 */
import { clock, day, el, icon, reconcile } from "./dom.js";
import { requestKey } from "./api.js";
import { can, customerName, entries, typing, voice, words } from "./state.js";
import { TypingNotices } from "./typing.js";

const DELIVERY = { Queued: "Queued", Sent: "Sent", Delivered: "Delivered", Failed: "Not delivered", Expired: "Expired", Unknown: "Unknown" };
/** Pixels from the end within which the transcript is taken to be read along. */
const NEAR_THE_END = 80;

export class Talk {
  #at; #actions; #shown = null; #session = null; #drafts = new Map(); #sending = new Set(); #typing;

  /** @param at finds an element by id; actions: send(id, text), typing(id, started), leave(id), complete(id) return promises. */
  constructor(at, actions) {
    this.#at = at;
    this.#actions = actions;
    this.#typing = new TypingNotices((id, started) => actions.typing(id, started));
    at("send").append(icon("send"));
    at("composer").addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    at("text").addEventListener("input", () => this.#typed());
    at("text").addEventListener("keydown", (event) => this.#key(event));
    at("leave").addEventListener("click", () => actions.leave(this.#shown));
    at("complete").addEventListener("click", () => actions.complete(this.#shown));
  }

  /** Draws `session`, or nothing when null. */
  show(session, me, now) {
    this.#at("talk").hidden = !session;
    const changed = this.#shown !== (session?.resource.id ?? null);
    if (changed) this.#turnTo(session);
    const known = this.#session === session;
    this.#session = session;
    if (!session) return;
    if (!known) {
      this.#head(session);
      this.#transcript(session, me, changed);
      this.#composer(session);
    }
    const names = typing(session, me, now);
    this.#at("typing").textContent = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
  }

  /** Puts the cursor where the agent goes on. */
  focus() {
    const text = this.#at("text");
    const wide = matchMedia("(min-width: 46rem)").matches;
    (wide && !text.disabled ? text : this.#at("talk-name")).focus();
  }

  #turnTo(session) {
    this.#typing.stop();
    this.#shown = session?.resource.id ?? null;
    this.#at("transcript").replaceChildren();
    this.#write(this.#drafts.get(this.#shown)?.text ?? "");
  }

  #head(session) {
    const { resource } = session;
    this.#at("talk-name").textContent = customerName(session);
    const agents = (resource.participants ?? []).filter((each) => each.type === "Agent").map((each) => each.nickname);
    const about = [resource.state === "LeftChat" ? "Wrap-up" : resource.queue, resource.serviceNumber, agents.join(", ")];
    this.#at("talk-about").textContent = about.filter(Boolean).join(" · ");
    this.#at("leave").hidden = !can(session, "Leave") || resource.state === "LeftChat";
    this.#at("complete").hidden = !can(session, "Complete");
  }

  #transcript(session, me, changed) {
    const list = this.#at("transcript");
    const scroller = this.#at("scroller");
    const atEnd = changed || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (changed) quietly(scroller);
    reconcile(list, withDays(entries(session)), (item) => item.key ?? item.index, () => el("li"),
      (node, item) => (item.key ? drawDay(node, item) : drawEntry(node, item, me)));
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  #composer(session) {
    const possible = can(session, "SendMessage");
    this.#at("composer").hidden = !possible;
    this.#at("text").disabled = !possible;
    this.#at("send").disabled = this.#at("text").readOnly = this.#sending.has(this.#shown);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #typed() {
    const text = this.#at("text").value;
    this.#drafts.set(this.#shown, { text, key: null });
    this.#at("composer-error").textContent = "";
    this.#grow();
    if (this.#session && can(this.#session, "SendStartTypingNotification")) this.#typing.typed(this.#shown, text !== "");
  }

  /** The text stays where it is until the server has it; sent again after a failure it keeps its key. */
  async #send() {
    const id = this.#shown;
    const draft = this.#drafts.get(id);
    if (!draft?.text.trim() || this.#sending.has(id)) return;
    draft.key ??= requestKey();
    this.#typing.stop();
    this.#busy(id, true);
    try {
      await this.#actions.send(id, draft.text, draft.key);
      this.#drafts.delete(id);
      if (id === this.#shown) this.#write("");
    } catch (error) {
      if (id === this.#shown) this.#at("composer-error").textContent = `Not sent: ${error.message}`;
    } finally {
      this.#busy(id, false);
    }
  }

  #busy(id, busy) {
    if (busy) this.#sending.add(id);
    else this.#sending.delete(id);
    if (id === this.#shown) this.#at("send").disabled = this.#at("text").readOnly = busy;
  }

  #write(text) {
    this.#at("text").value = text;
    this.#at("composer-error").textContent = "";
    this.#grow();
  }

  #grow() {
    const text = this.#at("text");
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 180)}px`;
  }
}

/** A transcript that is opened is not read out; what is added later is. */
function quietly(log) {
  log.setAttribute("aria-live", "off");
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

function withDays(messages) {
  let last = null;
  return messages.flatMap((message) => {
    const today = day(message.timestampSeconds);
    if (today === last) return [message];
    last = today;
    return [{ key: `day-${today}`, words: today }, message];
  });
}

function drawDay(node, item) {
  node.className = "day";
  node.replaceChildren(el("span", {}, item.words));
}

function drawEntry(node, message, me) {
  const who = voice(message, me);
  node.className = `entry ${who}`;
  const time = el("time", { datetime: new Date(message.timestampSeconds).toISOString() }, clock(message.timestampSeconds));
  if (who === "system") return node.replaceChildren(el("span", {}, `${words(message, me)} · `, time));
  const speaker = who === "mine" ? "You" : message.from.nickname;
  const about = [who === "agent" ? speaker : null, message.visibility === "Agents" ? "agents only" : null].filter(Boolean);
  const text = message.type === "PushUrl" ? linkTo(message.url) : words(message, me);
  node.replaceChildren(
    el("span", { class: "hidden" }, `${speaker}:`),
    el("p", { class: "bubble", dir: "auto" }, text),
    el("p", { class: "meta" }, about.length ? `${about.join(", ")} · ` : null, time, delivery(message)));
}

function delivery(message) {
  const { state, parts, error } = message.delivery ?? {};
  if (!state) return null;
  const failed = state === "Failed" || state === "Expired";
  const said = [DELIVERY[state] ?? state, failed ? error : null, parts > 1 ? `${parts} parts` : null].filter(Boolean).join(", ");
  return el("span", { class: failed ? "delivery failed" : "delivery" }, ` · ${said}`);
}

function linkTo(url) {
  return /^https?:\/\//i.test(url ?? "") ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url) : url ?? "";
}
