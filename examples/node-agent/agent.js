// A sample client: signs in, takes the first session offered, answers it, attaches data, completes it.
// Usage: node agent.js [SERVER] [USER] [PASSWORD]
"use strict";

import {CometD} from "cometd";
import {adapt} from "cometd-nodejs-client";

const [server = "http://localhost:8080", user = "agent1", password = "demo"] = process.argv.slice(2);
const api = server + "/api/v2";

/** One jar for both: our own requests, and those of CometD. */
const cookies = new Map();

function keep(header) {
    const pair = header.split(";")[0];
    cookies.set(pair.split("=")[0], pair);
}

adapt({
    cookies: {
        storeCookie: (uri, header, done) => {
            keep(header);
            done();
        },
        retrieveCookies: (context, uri, done) => done(null, [...cookies.values()]),
    },
});

/** One request; resolves with its body, rejects where the statusCode is not 0. */
async function call(method, path, body, headers = {}) {
    const response = await fetch(api + path, {
        method,
        headers: {"Content-Type": "application/json", "Cookie": [...cookies.values()].join("; "), ...headers},
        body: body && JSON.stringify(body),
    });
    response.headers.getSetCookie().forEach(keep);
    const reply = await response.json();
    if (reply.statusCode !== 0) {
        throw new Error(`${method} ${path}: ${reply.statusCode} ${reply.statusMessage}`);
    }
    return reply;
}

const operate = (path, operationName, parameters = {}) => call("POST", path, {operationName, ...parameters});

/** The session this agent works on, by id; null until one is offered. */
let current = null;

async function onSession(message) {
    const {notificationType, smssession, messages} = message.data;
    if (notificationType === "NewMessages") {
        for (const entry of messages.filter(entry => entry.type === "Text")) {
            console.log(`${entry.from.nickname}: ${entry.text}`);
        }
    } else if (notificationType === "PropertiesUpdated") {
        console.log("data:", JSON.stringify(smssession.userData));
    } else if (notificationType === "StatusChange") {
        console.log(`session ${smssession.id} is ${smssession.state}`);
        if (smssession.state === "Invited" && current === null) {
            current = smssession.id;
            await work(smssession.id);
        } else if (smssession.state === "Completed" && smssession.id === current) {
            await goHome();
        }
    }
}

async function work(id) {
    const path = "/me/smssessions/" + id;
    await operate(path, "Accept", {nickname: "Ann"});
    await operate(path, "SendMessage", {text: "Thank you for your message. It is taken care of."});
    await operate(path, "AttachUserData", {userData: {Topic: "sample", HandledBy: user}});
    await operate(path, "SetDisposition", {disposition: "resolved"});
    await operate(path, "Complete");
}

/** Before a handshake notifications may have been missed: read what is on the desk. */
async function catchUp() {
    const {smssessions} = await call("GET", "/me/smssessions?fields=*");
    for (const session of smssessions) {
        console.log(`on the desk: ${session.id}, ${session.state}`);
    }
}

const cometd = new CometD();

function listen() {
    cometd.configure({url: api + "/notifications"});
    cometd.unregisterTransport("websocket");
    return new Promise((resolve, reject) => {
        cometd.addListener("/meta/handshake", handshake => {
            if (!handshake.successful) {
                reject(new Error("the handshake was refused: " + (handshake.error || "no answer")));
                return;
            }
            // Made here, not once at the start: every new handshake begins without subscriptions.
            cometd.subscribe("/v2/me/smssessions", message => onSession(message).catch(fail),
                () => catchUp().then(resolve, reject));
        });
        cometd.handshake();
    });
}

function goHome() {
    return new Promise(resolve => cometd.disconnect(resolve))
        .then(() => operate("/me", "EndContactCenterSession"))
        .then(() => console.log("done"));
}

function fail(error) {
    console.error(error.message);
    process.exit(1);
}

async function main() {
    const basic = "Basic " + Buffer.from(`${user}:${password}`).toString("base64");
    const me = await call("GET", "/me", undefined, {Authorization: basic});
    console.log("signed in as", me.user.userName);
    await listen();
    await operate("/me", "StartContactCenterSession", {channels: ["smssession"]});
    await operate("/me/channels/smssession", "Ready");
    console.log("ready");
}

main().catch(fail);
