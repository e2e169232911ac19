/** Building pages out of text and elements only; markup is never parsed out of data. */

const SVG = "http://www.w3.org/2000/svg";

/** Line drawings on a 24 by 24 grid. */
const ICONS = {
  send: "M4 12l16-8-6 16-3-7z M11 13l9-9",
  back: "M15 5l-7 7 7 7",
  trash: "M5 7h14 M10 7V5h4v2 M7 7l1 12h8l1-12 M10 11v5 M14 11v5",
  plus: "M12 5v14 M5 12h14",
  close: "M6 6l12 12 M18 6L6 18",
  info: "M12 11v6 M12 7.5v.01 M12 21a9 9 0 100-18 9 9 0 000 18z",
};

/** Makes an element. `properties`: class, on {event: handler}, everything else an attribute (false and null are left out). */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") Object.entries(value).forEach(([event, handler]) => node.addEventListener(event, handler));
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** @returns a drawing by name, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @returns a ring that empties; `setRing` moves it. */
export function ring() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 36 36");
  svg.setAttribute("class", "ring");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["ring-track", "ring-left"]) {
    const circle = document.createElementNS(SVG, "circle");
    Object.entries({ class: name, cx: 18, cy: 18, r: 16, pathLength: 100 }).forEach(([key, value]) => circle.setAttribute(key, value));
    svg.append(circle);
  }
  return svg;
}

/** @param part 1 = full, 0 = empty. */
export function setRing(svg, part) {
  svg.lastElementChild.setAttribute("stroke-dashoffset", String(100 * (1 - part)));
}

const shown = new WeakMap();

/**
 * Makes the children of `parent` follow `items` by key, touching only what changed, so that focus and selection survive.
 * @param create makes the node of a new item; update(node, item) is called when the item is another object than before.
 */
export function reconcile(parent, items, keyOf, create, update) {
  const known = new Map(Array.from(parent.children, (node) => [node.dataset.key, node]));
  const wanted = new Set(items.map((item) => String(keyOf(item))));
  known.forEach((node, key) => { if (!wanted.has(key)) node.remove(); });
  items.forEach((item, position) => {
    const key = String(keyOf(item));
    const node = known.get(key) ?? create(item);
    node.dataset.key = key;
    if (parent.children[position] !== node) parent.insertBefore(node, parent.children[position] ?? null);
    if (shown.get(node) !== item) update(node, item);
    shown.set(node, item);
  });
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const MOMENT = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** @returns local hours and minutes of a time in milliseconds. */
export function clock(milliseconds) {
  return CLOCK.format(new Date(milliseconds));
}

/** @returns the local day of a time in milliseconds. */
export function day(milliseconds) {
  return DAY.format(new Date(milliseconds));
}

/** @returns local day and time, short. */
export function moment(milliseconds) {
  return MOMENT.format(new Date(milliseconds));
}
