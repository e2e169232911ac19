/**
 * The panel beside a conversation: facts, disposition and the attached data, edited in place.
 * It reports what the agent changes; values keep their type where the new text still fits it.
 */
import { el, icon, moment, reconcile } from "./dom.js";
import { DISPOSITION_KEY, can, receivedAt } from "./state.js";

const DISPOSITIONS = { resolved: "Resolved", callback: "Call back", spam: "Spam" };
/** Keys that gateway and router write; nobody edits them by hand in daily work. */
const TECHNICAL = /^(_|R[A-Z]|CBR-|PegAG|ChatServer|DISP_KEY$|ServiceType$|ServiceObjective$|CustomerSegment$|IdentifyCreateContact$|MediaType$|FromAddr$|ToAddr$)/;

export class Details {
  #at; #actions; #session = null;

  /** @param at finds an element by id; actions: disposition(id, value), write(id, attached, key, value), remove(id, key) return promises. */
  constructor(at, actions) {
    this.#at = at;
    this.#actions = actions;
    at("data-add-button").append(icon("plus"));
    at("data-add").addEventListener("submit", (event) => { event.preventDefault(); this.#add(); });
    at("disposition").addEventListener("change", () => this.#dispose());
  }

  /** Draws the details of `session`, or nothing when null. */
  show(session) {
    if (session === this.#session) return;
    if (session?.resource.id !== this.#session?.resource.id) this.#forget();
    this.#session = session;
    this.#at("details").hidden = !session;
    if (!session) return;
    this.#facts(session.resource, receivedAt(session));
    this.#disposition(session);
    this.#data(session);
  }

  /** Shows why a conversation cannot be completed yet, where it can be helped. */
  wantDisposition(reason) {
    this.#at("disposition-error").textContent = reason;
    this.#at("disposition").focus();
  }

  #forget() {
    for (const id of ["data", "technical"]) this.#at(id).replaceChildren();
    for (const id of ["data-error", "disposition-error"]) this.#at(id).textContent = "";
    for (const id of ["data-key", "data-value"]) this.#at(id).value = "";
  }

  #facts(resource, received) {
    const facts = [["From", resource.customerNumber], ["To", resource.serviceNumber], ["Queue", resource.queue],
      ["Received", received && moment(received)], ["Carrier", resource.carrier], ["Comment", resource.comment], ["Session", resource.id]];
    const items = facts.filter(([, value]) => value).map(([name, value]) => ({ name, value }));
    reconcile(this.#at("facts"), items, (item) => item.name, () => el("div"),
      (node, item) => node.replaceChildren(el("dt", {}, item.name), el("dd", {}, item.value)));
  }

  #disposition(session) {
    const select = this.#at("disposition");
    const value = String(session.resource.userData?.[DISPOSITION_KEY] ?? "");
    const choices = { "": "Not chosen", ...DISPOSITIONS, ...(value in DISPOSITIONS || !value ? {} : { [value]: value }) };
    const items = Object.entries(choices).map(([code, words]) => ({ code, words }));
    reconcile(select, items, (item) => item.code, (item) => el("option", { value: item.code }), (node, item) => { node.textContent = item.words; });
    select.disabled = !can(session, "SetDisposition");
    select.firstElementChild.disabled = value !== "";
    select.value = value;
  }

  async #dispose() {
    await this.#attempt("disposition-error", () => this.#actions.disposition(this.#session.resource.id, this.#at("disposition").value));
    if (this.#session) this.#disposition(this.#session);
  }

  #data(session) {
    const rows = Object.entries(session.resource.userData ?? {}).filter(([key]) => key !== DISPOSITION_KEY)
      .map(([key, value]) => ({ key, value }));
    const technical = rows.filter((row) => TECHNICAL.test(row.key));
    this.#rows("data", rows.filter((row) => !technical.includes(row)), session);
    this.#rows("technical", technical, session);
    this.#at("technical-count").textContent = technical.length;
    this.#at("data-add").hidden = !can(session, "AttachUserData");
  }

  #rows(id, rows, session) {
    const id_ = session.resource.id;
    reconcile(this.#at(id), rows, (row) => row.key, (row) => this.#row(id_, row.key), (node, row) => {
      const input = node.querySelector("input");
      input.readOnly = !can(session, "UpdateUserData");
      node.querySelector("button").hidden = !can(session, "DeleteUserData");
      const untouched = input.value === (input.dataset.was ?? "");
      input.dataset.was = shownAs(row.value);
      input.dataset.plain = typeof row.value === "string" ? "yes" : "";
      if (untouched || document.activeElement !== input) input.value = input.dataset.was;
    });
  }

  #row(id, key) {
    const input = el("input", { "aria-label": key, autocomplete: "off", spellcheck: "false", on: {
      change: () => this.#edit(id, key, input),
      keydown: (event) => {
        if (event.key === "Escape") input.value = input.dataset.was;
        if (event.key === "Enter") input.blur();
      },
    } });
    const remove = el("button", { type: "button", class: "quiet", "aria-label": `Delete ${key}`, on: {
      click: () => this.#attempt("data-error", () => this.#actions.remove(id, key)),
    } }, icon("trash"));
    return el("tr", {}, el("th", { scope: "row", title: key }, key), el("td", {}, input), el("td", {}, remove));
  }

  async #edit(id, key, input) {
    if (input.value === input.dataset.was) return;
    const done = await this.#attempt("data-error", () => this.#actions.write(id, false, key, valueOf(input.value, input.dataset.plain === "yes")));
    if (!done) input.value = input.dataset.was;
  }

  async #add() {
    const key = this.#at("data-key").value.trim();
    if (!key) {
      this.#at("data-error").textContent = "A key is needed.";
      return this.#at("data-key").focus();
    }
    const done = await this.#attempt("data-error", () => this.#actions.write(this.#session.resource.id, true, key, this.#at("data-value").value));
    if (!done) return;
    this.#at("data-key").value = this.#at("data-value").value = "";
    this.#at("data-key").focus();
  }

  async #attempt(place, action) {
    this.#at(place).textContent = "";
    try {
      await action();
      return true;
    } catch (error) {
      this.#at(place).textContent = error.message;
      return false;
    }
  }
}

function shownAs(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A text stays a text; a number, truth value, null or list of keys stays one while the new text still reads as such. */
function valueOf(text, plain) {
  if (plain) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
