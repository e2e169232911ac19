// The protocol between a test and a program that it drives: one JSON object a line, in both directions.
// In:  {"id": 1, "do": "name", ...parameters}     Out: {"reply": 1, "result": ...} or {"reply": 1, "error": "words"}; {"event": "name", ...}
"use strict";

const readline = require("node:readline");

/** Writes one line; JSON.stringify leaves out what is undefined. */
function tell(line) {
    process.stdout.write(JSON.stringify(line) + "\n");
}

async function answer(commands, line) {
    const {id, do: name, ...parameters} = JSON.parse(line);
    try {
        if (!Object.hasOwn(commands, name)) {
            throw new Error("unknown command " + name);
        }
        tell({reply: id, result: await commands[name](parameters)});
    } catch (error) {
        const cause = error.cause ? " (" + (error.cause.code || error.cause.message) + ")" : "";
        tell({reply: id, error: String(error.message) + cause});
    }
}

/** Carries out commands as they come in; ends with standard input, so that no program outlives its test. */
function interpret(commands) {
    const input = readline.createInterface({input: process.stdin});
    input.on("line", line => answer(commands, line));
    input.on("close", () => process.exit(0));
    tell({event: "ready"});
}

module.exports = {interpret, tell};
