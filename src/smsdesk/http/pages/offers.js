/** Offers that ring: who texts, what, how long there is left, and the two answers. Announces each offer once. */
import { el, reconcile, ring, setRing } from "./dom.js";
import { RING_SECONDS, customerName, preview, secondsLeft } from "./state.js";

export class Offers {
  #list; #announcer; #actions; #announced = new Set();

  /** @param list where offers stand; announcer speaks to screen readers; actions: accept(id), reject(id). */
  constructor(list, announcer, actions) {
    this.#list = list;
    this.#announcer = announcer;
    this.#actions = actions;
  }

  /** Draws `sessions` as they ring at `now`. */
  show(sessions, me, now) {
    const items = sessions.map((session) => ({
      id: session.resource.id, name: customerName(session), text: preview(session, me),
      about: [session.resource.queue, session.resource.serviceNumber].filter(Boolean).join(" · "),
      seconds: secondsLeft(session, now), part: 1 - (now - session.offeredAt) / (RING_SECONDS * 1000),
    }));
    reconcile(this.#list, items, (item) => item.id, (item) => this.#card(item), draw);
    items.forEach((item) => this.#announce(item));
    if (!items.length) this.#announcer.textContent = "";
    this.#announced = new Set(items.map((item) => item.id));
  }

  #announce({ id, name, text, seconds }) {
    if (!this.#announced.has(id)) this.#announcer.textContent = `New text from ${name}: ${text}. ${seconds} seconds to accept.`;
  }

  #card({ id, name }) {
    const answer = (action, kind, words) => el("button", { class: kind, "aria-label": `${words} ${name}`, on: {
      click: async (event) => {
        event.currentTarget.disabled = true;
        await action(id);
        event.target.disabled = false;
      },
    } }, words);
    return el("li", { class: "offer" },
      el("div", { class: "countdown" }, ring(), el("span", { class: "seconds" })),
      el("div", { class: "offer-words" }, el("strong"), el("p", { class: "muted small" }), el("p", { class: "offer-text", dir: "auto" })),
      el("div", { class: "buttons" }, answer(this.#actions.reject, "", "Reject"), answer(this.#actions.accept, "primary", "Accept")));
  }
}

function draw(node, item) {
  setRing(node.querySelector(".ring"), Math.max(0, Math.min(1, item.part)));
  node.querySelector(".seconds").textContent = item.seconds;
  node.querySelector(".countdown").setAttribute("title", `${item.seconds} seconds to accept`);
  node.querySelector("strong").textContent = item.name;
  node.querySelector(".offer-words p").textContent = item.about;
  node.querySelector(".offer-text").textContent = item.text;
}

/** When an offer was first seen outlives a reload of the page, so that its ring does not start anew. */
export function offerMemory() {
  const name = "smsdesk.offers";
  return {
    keep: (ringing) => sessionStorage.setItem(name, JSON.stringify(ringing.map((each) => [each.resource.id, each.offeredAt]))),
    recall: () => new Map(JSON.parse(sessionStorage.getItem(name) ?? "[]")),
  };
}
