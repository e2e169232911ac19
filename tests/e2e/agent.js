// A scriptable agent on the official CometD client: JSON lines in, JSON lines out.
// It knows how an agent desktop signs in, listens and posts; what to post and what to expect is the test's business.
"use strict";

const diagnostics = require("node:diagnostics_channel");
const {interpret, tell} = require("./lines.js");

/** Options, as one JSON argument: url, user, password, generation 9|3, transport, ack, auth "cookie"|"basic", replay. */
const options = {
    generation: 9, transport: "long-polling", ack: false, auth: "cookie", replay: false, requestTimeout: 20000,
    ...JSON.parse(process.argv[2] || "{}"),
};
const api = options.url + "/api/v2";
const origin = new URL(options.url).origin;
const basic = "Basic " + Buffer.from(options.user + ":" + options.password).toString("base64");

// Every TCP connection of this process, so that "break" can cut them all as a lost network would.
const sockets = new Set();
diagnostics.subscribe("net.client.socket", ({socket}) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
});

/** The browser's cookie jar: name -> "name=value". One host only. */
const jar = new Map();

function keepCookies(lines) {
    for (const line of lines) {
        const [pair, ...attributes] = line.split(";");
        const name = pair.slice(0, pair.indexOf("=")).trim();
        if (attributes.some(attribute => /^\s*max-age=0\s*$/i.test(attribute))) {
            jar.delete(name);
        } else {
            jar.set(name, pair.trim());
        }
    }
}

function cookieHeader() {
    return [...jar.values()].join("; ");
}

/** The headers of this agent: the cookie once there is one, credentials where it signs in with every request. */
function credentials() {
    const headers = {};
    if (options.auth === "basic" || jar.size === 0) {
        headers.Authorization = basic;
    }
    if (jar.size > 0) {
        headers.Cookie = cookieHeader();
    }
    return headers;
}

async function request(method, path, body, more) {
    const headers = {...credentials(), ...more};
    const hasBody = body !== undefined && body !== null;
    if (hasBody) {
        headers["Content-Type"] = "application/json; charset=UTF-8";
    }
    const response = await fetch(api + path, {
        method, headers, body: hasBody ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(options.requestTimeout),
    });
    keepCookies(response.headers.getSetCookie());
    const text = await response.text();
    let parsed = text;
    try {
        parsed = JSON.parse(text);
    } catch {
        // Not JSON: the test sees the text.
    }
    return {status: response.status, type: response.headers.get("content-type"), body: parsed};
}

/** Loads one generation of the client and its Node adapter, and gives it this agent's cookies. */
async function loadClient() {
    const cookies = {
        storeCookie: (uri, header, callback) => {
            keepCookies([header]);
            callback();
        },
        retrieveCookies: (context, uri, callback) => callback(null, [...jar.values()]),
    };
    const [library, ack, adapter] = options.generation === 9
        ? [await import("cometd"), (await import("cometd/AckExtension.js")).AckExtension, await import("cometd-nodejs-client")]
        : [require("cometd3"), require("cometd3/AckExtension"), require("cometd-nodejs-client1")];
    adapter.adapt({cookies});
    // The clients print what went wrong to the console; standard output belongs to the protocol of this program.
    window.console = new console.Console(process.stderr, process.stderr);
    window.console.debug = window.console.log;
    // A browser adds its cookies and its origin to the upgrade of a WebSocket; the adapter does not.
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(url, protocol) {
            super(url, protocol || [], {headers: {...credentials(), Origin: origin}});
        }
    };
    return {CometD: library.CometD, AckExtension: ack};
}

let cometd = null;
const topics = new Map();
let lastReplay = 0;

function onMessage(topic, message) {
    if (message.channel.startsWith("/meta/")) {
        return; // the client hands its own traffic to whoever subscribed to everything
    }
    const replay = message.ext && message.ext.replay && message.ext.replay.id;
    if (replay !== undefined) {
        lastReplay = Math.max(lastReplay, replay);
    }
    tell({event: "message", topic, channel: message.channel, data: message.data, ext: message.ext});
}

/** Subscribes on the wire; resolves with the server's reply. */
function subscribeNow(topic) {
    const properties = options.replay ? {ext: {replay: topics.get(topic).from ?? lastReplay}} : {};
    topics.get(topic).from = undefined;
    return new Promise(resolve => cometd.subscribe(topic, message => onMessage(topic, message), properties, resolve));
}

function report(message) {
    const {channel, successful, error, advice, ext, subscription, supportedConnectionTypes, clientId} = message;
    tell({event: "meta", channel, successful, error, advice, ext, subscription, supportedConnectionTypes, clientId});
}

/** After every successful handshake the client's subscriptions are gone: make them anew, as its manual asks. */
function onHandshake(message) {
    report(message);
    if (!message.successful) {
        return;
    }
    cometd.batch(() => {
        for (const topic of topics.keys()) {
            subscribeNow(topic).then(reply => tell({event: "subscribed", topic, successful: reply.successful}));
        }
    });
}

let wasConnected = false;

function onConnect(message) {
    const connected = !cometd.isDisconnected() && message.successful === true;
    if (connected !== wasConnected) {
        wasConnected = connected;
        tell({event: connected ? "connected" : "disconnected", error: message.error, failure: describe(message.failure)});
    }
}

function describe(failure) {
    return failure && {reason: failure.reason, httpCode: failure.httpCode, transport: failure.connectionType};
}

/** Both generations have the transport's name, each in its own way. */
function transportType() {
    const transport = cometd && cometd.getTransport();
    return transport ? transport.type || transport.getType() : null;
}

async function makeClient() {
    const {CometD, AckExtension} = await loadClient();
    cometd = new CometD();
    cometd.configure({
        url: api + "/notifications", backoffIncrement: 100, maxBackoff: 500, logLevel: "warn",
        requestHeaders: options.auth === "basic" ? {Authorization: basic} : {},
    });
    for (const type of cometd.getTransportTypes()) {
        if (type !== options.transport) {
            cometd.unregisterTransport(type);
        }
    }
    if (options.ack) {
        cometd.registerExtension("ack", new AckExtension());
    }
    cometd.addListener("/meta/handshake", onHandshake);
    cometd.addListener("/meta/connect", onConnect);
    cometd.addListener("/meta/disconnect", report);
    cometd.addListener("/meta/unsuccessful", message => message.channel !== "/meta/handshake" && report(message));
}

const commands = {
    /** Signs in as a desktop does: one GET of /me, whose reply sets the session cookie. */
    login: () => request("GET", "/me?subresources=*"),

    /** Starts the CometD client; answers with the outcome of the first handshake. */
    async connect() {
        if (cometd === null) {
            await makeClient();
        }
        const reply = await new Promise(resolve => cometd.handshake({}, resolve));
        return {successful: reply.successful, error: reply.error, advice: reply.advice, failure: describe(reply.failure)};
    },

    /** topic; with the option replay also from: the id after which to deliver. */
    async subscribe({topic, from}) {
        topics.set(topic, {from});
        const reply = await subscribeNow(topic);
        return {successful: reply.successful, error: reply.error, ext: reply.ext};
    },

    publish: ({topic, data}) => new Promise(resolve => cometd.publish(topic, data, {}, reply => resolve(
        {successful: reply.successful, error: reply.error}))),

    /** Any request: method, path (below /api/v2), body, headers. */
    request: ({method, path, body, headers}) => request(method, path, body, headers),

    disconnect: () => new Promise(resolve => cometd.disconnect(reply => resolve({successful: reply.successful}))),

    /** Cuts every connection, as when the network goes away for a moment. */
    async break() {
        const cut = sockets.size;
        for (const socket of sockets) {
            socket.destroy();
        }
        return {cut};
    },

    /** Forgets cookies, as a browser does whose session cookie was cleared. */
    async forget() {
        jar.clear();
        return {};
    },

    state: async () => ({
        status: cometd && cometd.getStatus(), transport: transportType(),
        cookies: [...jar.keys()], lastReplay,
    }),
};

interpret(commands);
