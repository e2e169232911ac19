/** What stands around the work: the list of conversations, readiness, the state of the connection, and short notices. */
import { clock, el, icon, reconcile } from "./dom.js";
import { customerName, preview, unread } from "./state.js";

const CONNECTION = { connecting: "Connecting…", "catching-up": "Catching up…", live: "Live", stopped: "Not connected" };
const READINESS = { Ready: "Ready", NotReady: "Not ready", LoggedOut: "Off duty" };
const IDLE = {
  Ready: ["You are ready", "The next text will ring here."],
  NotReady: ["You are not ready", "Switch to ready, and texts will be offered to you."],
  LoggedOut: ["You are off duty", "Switch on to start work on the SMS channel."],
};

/** Shows how the page hears from the server; `delay` is the time in milliseconds to the next try. */
export function showConnection(at, name, delay) {
  at("connection").dataset.state = name;
  const again = delay >= 1500 ? `, trying again in ${Math.round(delay / 1000)} s` : ", trying again";
  at("connection-words").textContent = name === "offline" ? `Offline${again}` : CONNECTION[name];
}

/** Shows whether texts are offered to the agent, on the switch and where no conversation is open. */
export function showReadiness(at, state) {
  at("ready").setAttribute("aria-checked", String(state.channel === "Ready"));
  at("ready-words").textContent = READINESS[state.channel] ?? state.channel;
  const [words, hint] = IDLE[state.channel] ?? IDLE.NotReady;
  at("idle-words").textContent = words;
  at("idle-hint").textContent = hint;
}

/** Asks before conversations go back to the queue. @returns a promise of the answer. */
export function confirmed(at, question) {
  const dialog = at("leave-desk");
  at("leave-desk-words").textContent = question;
  dialog.returnValue = "stay";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true }));
}

export class ConversationList {
  #at; #open;

  /** @param open is called with the id of the conversation that was chosen. */
  constructor(at, open) {
    this.#at = at;
    this.#open = open;
  }

  /** Draws the list; `read` maps an id to the index up to which the transcript was seen. */
  show(conversations, state, selected, read) {
    const items = conversations.map((session) => ({
      id: session.resource.id, name: customerName(session), text: preview(session, state.me),
      time: session.messages.at(-1)?.timestampSeconds, wrapUp: session.resource.state === "LeftChat",
      chosen: session.resource.id === selected, unread: unread(session, read.get(session.resource.id) ?? 0),
    }));
    reconcile(this.#at("conversations"), items, (item) => item.id, (item) => this.#row(item), draw);
    this.#at("list-empty").textContent = items.length ? "" : "Nothing on your desk.";
  }

  #row({ id }) {
    return el("li", {}, el("button", { class: "conversation", on: { click: () => this.#open(id) } },
      el("span", { class: "conversation-name" }), el("time"), el("span", { class: "conversation-text muted", dir: "auto" }), el("span", { class: "badge" })));
  }
}

function draw(node, item) {
  const [name, time, text, badge] = node.firstElementChild.children;
  node.firstElementChild.setAttribute("aria-current", String(item.chosen));
  name.textContent = item.name;
  time.textContent = item.time ? clock(item.time) : "";
  text.textContent = item.text;
  badge.className = item.wrapUp ? "badge wrap-up" : "badge";
  badge.textContent = item.wrapUp ? "Wrap-up" : item.unread || "";
  badge.hidden = badge.textContent === "";
  badge.setAttribute("aria-label", item.wrapUp ? "Wrap-up" : `${item.unread} unread`);
}

/** Notices of things that went wrong; they stay until closed or for ten seconds. */
export class Toasts {
  #place;

  constructor(place) {
    this.#place = place;
  }

  /** Shows `words` once. */
  say(words) {
    const close = el("button", { class: "quiet", "aria-label": "Close", on: { click: () => toast.remove() } }, icon("close"));
    const toast = el("div", { class: "toast" }, el("p", {}, words), close);
    this.#place.append(toast);
    setTimeout(() => toast.remove(), 10_000);
  }
}
