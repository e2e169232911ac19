/**
 * Phones in the browser, on the simulator carrier (SPEC 7.4): each shows the texts of one number with one service number.
 * They ask again every second; a text keeps its id when it is sent again, so that it arrives once.
 */
import { requestKey } from "../api.js";
import { clock, el, icon, reconcile } from "../dom.js";

const SERVICES = { "+15550100": "Support", "+15550101": "Billing" };
const FIRST_NUMBER = 15550111;
const EVERY = 1_000;
const AFTER_AN_ERROR = 3_000;
const MEMORY = "smsdesk.phones";

/** Talks to the simulator; every failure becomes an Error in words. */
async function ask(address, body) {
  const request = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const response = await fetch(new URL(address, document.baseURI), { ...request, cache: "no-store", signal: AbortSignal.timeout(10_000) })
    .catch(() => { throw new Error("The server cannot be reached."); });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? answer.statusMessage ?? `The server answered ${response.status}.`);
  return answer;
}

class Phone {
  #parts; #remembered; #timer = null; #round = 0; #draft = { text: "", id: null };

  /** @param remembered {number, service}, changed in place when the user chooses; onChange is called then; onRemove by the close button. */
  constructor(remembered, onChange, onRemove) {
    this.#remembered = remembered;
    this.#parts = build();
    this.node = this.#parts.node;
    const { number, service, other, form, text, close } = this.#parts;
    number.value = remembered.number;
    service.value = remembered.service in SERVICES ? remembered.service : "";
    other.value = remembered.service;
    other.parentElement.hidden = service.value !== "";
    for (const field of [number, service, other]) field.addEventListener("change", () => { this.#choose(); onChange(); });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    text.addEventListener("input", () => { this.#draft = { text: text.value, id: null }; this.#say(""); });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    close.addEventListener("click", () => { this.stop(); onRemove(this); });
    this.#poll();
  }

  /** Asks no more. */
  stop() {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  /** Puts the cursor where a text is written. */
  focus() {
    this.#parts.text.focus();
  }

  #choose() {
    const { number, service, other, list } = this.#parts;
    other.parentElement.hidden = service.value !== "";
    this.#remembered.number = number.value.trim();
    this.#remembered.service = service.value || other.value.trim();
    list.replaceChildren();
    this.#poll();
  }

  async #poll() {
    this.stop();
    const round = this.#round;
    let next = EVERY;
    try {
      const { messages } = await ask(`messages?phone=${encodeURIComponent(this.#remembered.number)}`);
      if (round === this.#round) this.#draw(messages);
      this.#state("");
    } catch (error) {
      this.#state(error.message);
      next = AFTER_AN_ERROR;
    }
    if (round === this.#round) this.#timer = setTimeout(() => this.#poll(), next);
  }

  #draw(messages) {
    const { number, service } = this.#remembered;
    const ours = messages.filter((each) => [each.from, each.to].includes(service) && [each.from, each.to].includes(number));
    const { screen, list } = this.#parts;
    const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 60;
    const items = ours.length ? ours : [{ id: "nothing", nothing: true }];
    reconcile(list, items, (each) => `${each.direction} ${each.id}`, () => el("li"), drawText);
    if (atEnd) screen.scrollTop = screen.scrollHeight;
  }

  async #send() {
    const { text, send } = this.#parts;
    const draft = this.#draft;
    if (!draft.text.trim() || send.disabled) return;
    draft.id ??= requestKey();
    send.disabled = text.readOnly = true;
    try {
      await ask("messages", { from: this.#remembered.number, to: this.#remembered.service, text: draft.text, id: draft.id });
      text.value = "";
      this.#draft = { text: "", id: null };
      this.#poll();
    } catch (error) {
      this.#say(`Not sent: ${error.message}`);
    }
    send.disabled = text.readOnly = false;
    text.focus();
  }

  #say(words) {
    this.#parts.error.textContent = words;
  }

  #state(words) {
    if (this.#parts.status.textContent !== words) this.#parts.status.textContent = words;
  }
}

function build() {
  const number = el("input", { type: "tel", autocomplete: "off", maxlength: 20 });
  const service = el("select", {}, ...Object.entries(SERVICES).map(([value, name]) => el("option", { value }, `${name} ${value}`)),
    el("option", { value: "" }, "Other number…"));
  const other = el("input", { type: "tel", autocomplete: "off", maxlength: 20 });
  const close = el("button", { class: "quiet", "aria-label": "Put this phone away" }, icon("close"));
  const status = el("p", { class: "error status", role: "status" });
  const list = el("ol");
  const screen = el("div", { class: "screen", tabindex: 0, role: "log", "aria-live": "polite", "aria-label": "Texts of this phone" }, list);
  const text = el("textarea", { rows: 1, maxlength: 10_000, placeholder: "Text message", "aria-label": "Your text" });
  const send = el("button", { class: "primary round", "aria-label": "Send" }, icon("send"));
  const error = el("p", { class: "error", role: "alert" });
  const form = el("form", {}, text, send, error);
  const node = el("section", { class: "phone", "aria-label": "Phone" },
    el("header", { class: "phone-head" }, el("label", {}, "My number", number), el("label", {}, "Text to", service), close,
      el("label", { class: "other" }, "Service number", other), status),
    screen, form);
  return { node, number, service, other, close, status, list, screen, text, send, error, form };
}

function drawText(node, message) {
  if (message.nothing) {
    node.className = "nothing muted small";
    node.textContent = "No texts yet. Write the first one.";
    return;
  }
  node.className = `text ${message.direction === "in" ? "in" : "out"}`;
  const parts = message.parts > 1 ? ` · ${message.parts} parts` : " · 1 part";
  node.replaceChildren(el("p", { class: "bubble", dir: "auto" }, message.text), el("p", { class: "meta" }, clock(timeOf(message.at)), parts));
}

function timeOf(at) {
  return typeof at === "number" ? at : Date.parse(at);
}

// ---- the table with the phones ----

const table = document.getElementById("phones");
const phones = JSON.parse(sessionStorage.getItem(MEMORY) ?? "null") ?? [{ number: `+${FIRST_NUMBER}`, service: "+15550100" }];

function remember() {
  sessionStorage.setItem(MEMORY, JSON.stringify(phones));
}

function place(remembered) {
  const phone = new Phone(remembered, remember, () => {
    phones.splice(phones.indexOf(remembered), 1);
    phone.node.remove();
    remember();
    document.getElementById("add").focus();
  });
  table.append(phone.node);
  return phone;
}

document.getElementById("add").addEventListener("click", () => {
  const taken = new Set(phones.map((each) => each.number));
  let number = FIRST_NUMBER;
  while (taken.has(`+${number}`)) number += 1;
  const remembered = { number: `+${number}`, service: "+15550100" };
  phones.push(remembered);
  remember();
  place(remembered).focus();
});

phones.forEach(place);
