/** The page: reads openapi.json and asyncapi.json, lays out the cards, and finds among them. */

import { el } from "../dom.js";
import { operationCard, topicCard, typeCard } from "./cards.js";
import { prose } from "./prose.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const byId = (id) => document.getElementById(id);

async function read(name) {
  const response = await fetch(new URL(`../api/v2/${name}`, location.href), { cache: "no-cache" });
  if (!response.ok) throw new Error(`The server answered ${response.status} for ${name}.`);
  return response.json();
}

/** @returns the cards of all operations and routes. */
function cardsOf(openapi) {
  return Object.values(openapi.paths).flatMap((item) => METHODS.flatMap((method) => item[method]?.["x-reference"] ?? []));
}

/** @returns the sections of the page: title and entries with id, name, words to find by, and how to make the card. */
function sectionsOf(openapi, asyncapi) {
  const cards = cardsOf(openapi);
  const types = Object.entries({ ...openapi.components.schemas, ...asyncapi.components.schemas }).filter(([name]) => !cards.some((card) => card.title === name));
  const topics = Object.values(asyncapi.channels).filter((channel) => !channel.address.startsWith("/meta/"));
  const anchors = new Map([
    ...types.map(([name]) => [name, `type-${name}`]),
    ...cards.map((card) => [card.title, idOf(card.title)]),
  ]);
  const entry = (id, name, words, make) => ({ id, name, words: `${name} ${words}`.toLowerCase(), make });
  const groups = openapi["x-groups"].map((group) => ({
    title: group,
    entries: cards.filter((card) => card.group === group).map((card) =>
      entry(idOf(card.title), card.title.replace("/api/v2", ""), card.summary, () => operationCard(card, idOf(card.title), anchors))),
  }));
  const topicEntries = topics.map((channel) => entry(idOf(channel.address), channel.address, channel.description,
    () => topicCard(channel, asyncapi.components.messages, idOf(channel.address), anchors)));
  const typeEntries = types.map(([name, schema]) => entry(`type-${name}`, name, schema.description ?? "",
    () => typeCard(name, schema, `type-${name}`, anchors)));
  return [...groups, { title: "Topics", about: asyncapi.info.description, entries: topicEntries }, { title: "Types", entries: typeEntries }];
}

function idOf(title) {
  return title.replace("/api/v2", "").replaceAll(/[^A-Za-z]+/g, "-").replaceAll(/^-|-$/g, "");
}

function show(openapi, sections) {
  byId("version").textContent = openapi.info.version;
  const none = new Map();
  const about = openapi.info.description.split("\n\n").map((text) => el("p", {}, ...prose(text, none)));
  byId("main").replaceChildren(
    el("section", {}, el("h2", {}, "What this is"), ...about),
    ...sections.map(({ title, about: words, entries }) => el("section", {}, el("h2", {}, title),
      words ? el("p", {}, ...prose(words, none)) : null, ...entries.map((entry) => entry.make()))));
  byId("contents").replaceChildren(...sections.map(({ title, entries }) => el("section", {}, el("h2", {}, title),
    ...entries.map(({ id, name }) => el("a", { href: `#${id}`, title: name }, name)))));
  byId("main").removeAttribute("aria-busy");
}

/** Leaves in the contents and on the page what has all the words of the filter. */
function find(sections) {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry) => words.every((word) => entry.words.includes(word));
  const found = new Set(sections.flatMap(({ entries }) => entries.filter(fits).map(({ id }) => id)));
  document.querySelectorAll("#contents a").forEach((link) => { link.hidden = !found.has(link.hash.slice(1)); });
  document.querySelectorAll(".item").forEach((card) => { card.hidden = !found.has(card.id); });
  document.querySelectorAll("#contents section, #main > section").forEach((section) => {
    section.hidden = words.length > 0 && !section.querySelector("#contents a:not([hidden]), .item:not([hidden])");
  });
  byId("nothing").hidden = found.size > 0;
}

function markCurrent() {
  document.querySelectorAll("#contents a").forEach((link) => link.setAttribute("aria-current", String(link.hash === location.hash)));
}

async function start() {
  const [openapi, asyncapi] = await Promise.all([read("openapi.json"), read("asyncapi.json")]);
  const sections = sectionsOf(openapi, asyncapi);
  show(openapi, sections);
  byId("filter").addEventListener("input", () => find(sections));
  window.addEventListener("hashchange", markCurrent);
  markCurrent();
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

start().catch((error) => byId("main").replaceChildren(el("p", { class: "error", role: "alert" }, error.message)));
