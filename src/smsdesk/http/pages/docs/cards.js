/** Cards: an operation or a route, a type, a topic, each with everything there is to say about it. */

import { el } from "../dom.js";
import { pretty } from "./json.js";
import { extension, prose, table, typeOf } from "./prose.js";

/** @returns the card of an operation or a route. */
export function operationCard(card, id, anchors) {
  const say = (text) => prose(text, anchors, card.title);
  return shell(id, card.title, card.extension,
    el("p", { class: "summary" }, ...say(card.summary)),
    address(card),
    el("p", {}, ...say(card.text)),
    ...part("Parameters", parameters(card, say)),
    ...part("Who may", who(card, say)),
    ...part(card.addresses.length > 1 || card.method === "POST" ? "Notifications to the caller" : "", told(card.asker, "ol", say)),
    ...part("Notifications to others", told(card.others, "ul", say)),
    ...part("Reply", reply(card, say)),
    ...part("Errors", errors(card, say)),
    ...part("Also accepted", accepted(card, say)),
    example(card.example));
}

/** @returns the card of a JSON object. */
export function typeCard(name, schema, id, anchors) {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([field, property]) => [
    [el("code", {}, field)],
    typeOf(property, anchors),
    prose(property.description ?? (required.has(field) ? "" : "May be left out."), anchors, name),
  ]);
  return shell(id, name, false,
    el("p", {}, ...prose(schema.description ?? "", anchors, name)),
    ...part("Fields", table(["name", "type", "meaning"], rows)),
    schema.properties ? null : el("p", {}, ...typeOf(schema, anchors)));
}

/** @returns the card of a topic, with the notifications that come there. */
export function topicCard(channel, messages, id, anchors) {
  const names = Object.keys(channel.messages);
  const rows = names.map((name) => [[el("code", {}, name)], prose(messages[name].summary, anchors)]);
  const shown = names.filter((name) => messages[name].examples);
  return shell(id, channel.address, false,
    el("p", {}, ...prose(channel.description, anchors)),
    ...part("Also written", told((channel["x-aliases"] ?? []).map((alias) => `\`${alias}\``), "ul", (text) => prose(text, anchors))),
    ...part("Notifications", table(["notification", "meaning"], rows, "narrow")),
    shown.length ? details("Examples", shown.flatMap((name) => [heading(name), code(messages[name].examples[0].payload)])) : null);
}

function shell(id, title, extended, ...children) {
  const head = el("h3", {}, el("a", { href: `#${id}` }, title), extended ? extension() : null);
  return el("article", { class: "item", id }, head, ...children.filter((child) => child !== null));
}

function part(title, content) {
  return content ? [el("h4", {}, title), content] : [];
}

function address(card) {
  const line = (method, path) => el("code", {}, el("span", { class: "method" }, method), ` ${path}`);
  return el("div", { class: "address" }, ...card.addresses.map((path) => line(card.method, path)));
}

function parameters(card, say) {
  const rows = card.parameters.map((row) => [
    [el("code", {}, row.name)], say(row.type), [row.mandatory], [...say(row.text), row.limits ? " " : "", ...say(capital(row.limits))],
  ]);
  return table(["name", "type", "mandatory", "meaning"], rows);
}

function capital(text) {
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "";
}

function who(card, say) {
  if (card.who) return el("p", {}, ...say(card.who));
  const rows = card.permits.map((row) => [
    [el("code", {}, row.state)],
    [...say(row.kind), row.company === true ? " (with a second agent there)" : row.company === false ? " (alone)" : ""],
    row.advertised.length ? row.advertised.flatMap((name, at) => [at ? ", " : "", el("code", {}, name)]) : ["not advertised"],
  ]);
  return table(["state", "as", "capability"], rows, "middle");
}

function told(lines, tag, say) {
  return lines.length ? el(tag, {}, ...lines.map((line) => el("li", {}, ...say(line)))) : null;
}

function reply(card, say) {
  const lines = [card.body && `Takes ${card.body}.`, card.reply && `Answers ${card.reply}.`, !card.login && "Needs no login."].filter(Boolean);
  return lines.length ? el("p", {}, ...say(lines.join(" "))) : null;
}

function accepted(card, say) {
  const spellings = [...card.names.map((name) => `the operationName \`${name}\``), ...card.aliases.map((path) => `\`${path}\``)];
  return spellings.length ? el("p", { class: "small" }, ...say(spellings.join(", "))) : null;
}

function errors(card, say) {
  const rows = card.refusals.map((row) => [[String(row.statusCode)], [String(row.http)], say(row.when)]);
  return table(["statusCode", "HTTP", "when"], rows, "narrow");
}

function example(found) {
  if (!found) return null;
  return details("Example", [el("p", { class: "muted small" }, found.scene), ...found.steps.flatMap(step)]);
}

function step({ actor, method, path, body, status, reply, notifications }) {
  return [
    heading(`${actor === "anonymous" ? "Anybody" : actor} asks`),
    el("pre", { tabindex: "0" }, [`${method} ${path}`, body == null ? null : typeof body === "string" ? body : pretty(body)].filter((line) => line !== null).join("\n\n")),
    heading(`and is answered ${status}`),
    code(reply ?? {}),
    ...Object.entries(notifications ?? {}).flatMap(([user, messages]) =>
      [heading(`${user} is notified${messages.length > 1 ? ", in this order" : ""}`), ...messages.map(code)]),
  ];
}

function details(title, children) {
  return el("details", { class: "example" }, el("summary", {}, title), ...children);
}

function heading(words) {
  return el("h5", {}, words);
}

function code(value) {
  return el("pre", { tabindex: "0" }, pretty(value));
}
