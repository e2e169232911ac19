/** JSON for people: what fits on a line stands on one. */

const WIDTH = 92;

/** @returns a value as text. `indent`: of the line it begins on; `before`: how much stands on that line already. */
export function pretty(value, indent = 0, before = 0) {
  const line = spaced(value);
  if (value === null || typeof value !== "object" || line.length + indent + before <= WIDTH) return line;
  const inner = " ".repeat(indent + 2);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts(value, inner)}\n${" ".repeat(indent)}${close}`;
}

function parts(value, inner) {
  if (!Array.isArray(value)) {
    return Object.entries(value).map(([name, part]) => {
      const head = `${JSON.stringify(name)}: `;
      return inner + head + pretty(part, inner.length, head.length + 1);
    }).join(",\n");
  }
  if (value.every((part) => typeof part === "string")) return filled(value.map((part) => JSON.stringify(part)), inner);
  return value.map((part) => inner + pretty(part, inner.length, 1)).join(",\n");
}

/** As many words on a line as fit. */
function filled(words, inner) {
  const lines = [[]];
  let length = inner.length;
  for (const word of words) {
    if (length + word.length + 2 > WIDTH && lines.at(-1).length) {
      lines.push([]);
      length = inner.length;
    }
    lines.at(-1).push(word);
    length += word.length + 2;
  }
  return lines.map((line) => inner + line.join(", ")).join(",\n");
}

function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${spaced(part)}`).join(", ")}}`;
}
