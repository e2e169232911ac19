/** Sentences of the description as elements: `code`, links to operations and types, and the mark of extensions. */

import { el } from "../dom.js";

const PIECES = /`([^`]+)`|\[ext\]|\b([A-Z][A-Za-z]+)\b/g;

/** @returns the nodes of a text. `anchors`: what can be linked to, name to id; `self`: the name that is not. */
export function prose(text, anchors, self = "") {
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(PIECES)) {
    const [piece, code, word] = found;
    if (word && (word === self || !anchors.has(word))) continue;
    nodes.push(text.slice(last, found.index), node(piece, code, word, anchors));
    last = found.index + piece.length;
  }
  return [...nodes, text.slice(last)];
}

function node(piece, code, word, anchors) {
  if (code) return el("code", {}, code);
  if (word) return el("a", { href: `#${anchors.get(word)}` }, word);
  return extension();
}

/** @returns the mark of what goes beyond the documented API. */
export function extension() {
  return el("span", { class: "ext", title: "Goes beyond the documented API" }, "ext");
}

/** @returns a table that scrolls where it does not fit; null without rows. `kind` says which columns are wide. */
export function table(heads, rows, kind = "") {
  if (!rows.length) return null;
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": heads.join(", ") }, el("table", { class: kind },
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...rows.map(([first, ...others]) => el("tr", {},
      el("th", { scope: "row" }, ...first), ...others.map((cell) => el("td", {}, ...cell)))))));
}

/** @returns the type of a field in words, with links. */
export function typeOf(schema, anchors) {
  if (schema.$ref) return prose(schema.$ref.split("/").pop(), anchors);
  if ("const" in schema) return [el("code", {}, JSON.stringify(schema.const))];
  if (schema.enum) return schema.enum.flatMap((value, at) => [at ? ", " : "", el("code", {}, String(value))]);
  if (schema.anyOf) return schema.anyOf.flatMap((part, at) => [at ? " or " : "", ...typeOf(part, anchors)]);
  if (schema.type === "array") return ["array of ", ...typeOf(schema.items, anchors)];
  return [[schema.type ?? "anything"].flat().join(" or ")];
}
