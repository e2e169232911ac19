// A scriptable SMSC on node-smpp: JSON lines in, JSON lines out.
// It takes binds and texts, sends texts and receipts, and misbehaves when told to; it knows nothing about the server under test.
"use strict";

const smpp = require("smpp");
const {interpret, tell} = require("./lines.js");
const {prepare, receiptFields} = require("./pdus.js");

/** Options, as one JSON argument: systemId and password that a bind must show. */
const options = {systemId: "smsdesk", password: "secret", ...JSON.parse(process.argv[2] || "{}")};

/** How it behaves now; the command "behave" changes any of these. */
const behaviour = {
    bind: "accept",      // accept | refuse | hang: never answer
    bindStatus: smpp.ESME_RBINDFAIL,
    submit: "accept",    // accept | hold: answer when released | hang: never answer
    throttle: 0,         // so many submit_sm are answered ESME_RTHROTTLED, then accepted again
    submitStatus: 0,     // any other status is answered to every submit_sm
    enquire: "answer",   // answer | hang
    lose: 0,             // so many responses to deliver_sm are lost on their way: not seen, and the connection is cut
    receipts: false,     // a delivery receipt after every accepted submit_sm that asks for one
    idBase: 16,          // the number base of message ids in submit_sm_resp
};

// node-smpp decodes in place; the bytes as they came are kept beside the decoded PDU.
const decode = smpp.PDU.prototype.fromBuffer;
smpp.PDU.prototype.fromBuffer = function (buffer) {
    Object.defineProperty(this, "hex", {value: buffer.toString("hex"), enumerable: false});
    return decode.call(this, buffer);
};

let server = null;
let port = 0;
let nextMessage = 1;
const bound = new Set();
const held = [];
/** Texts not acknowledged yet, in order of sending: key, part, pdu, session. An SMSC sends them again after a reconnect. */
const unacknowledged = [];

/** The text of a decoded short_message or message_payload, its UDH elements in hex, its raw octets. */
function content(pdu) {
    const carried = pdu.short_message && pdu.short_message.message && pdu.short_message.message.length
        ? pdu.short_message : pdu.message_payload || pdu.short_message || {};
    const text = Buffer.isBuffer(carried.message) ? carried.message.toString("hex") : carried.message || "";
    return {text, udh: (carried.udh || []).map(element => element.toString("hex"))};
}

function sarOf(pdu) {
    return pdu.sar_total_segments === undefined ? undefined
        : {reference: pdu.sar_msg_ref_num, total: pdu.sar_total_segments, part: pdu.sar_segment_seqnum};
}

/** The kind of bind decides who may carry deliver_sm. */
function receiver() {
    const session = [...bound].find(candidate => candidate.kind !== "bind_transmitter");
    if (!session) {
        throw new Error("nobody is bound to receive");
    }
    return session;
}

function onBind(session, pdu) {
    tell({event: "bind", kind: pdu.command, systemId: pdu.system_id, version: pdu.interface_version});
    if (behaviour.bind === "hang") {
        return;
    }
    const known = pdu.system_id === options.systemId && pdu.password === options.password;
    if (!known || behaviour.bind === "refuse") {
        session.send(pdu.response({command_status: known ? behaviour.bindStatus : smpp.ESME_RINVPASWD}));
        tell({event: "refused", known});
        return;
    }
    session.kind = pdu.command;
    bound.add(session);
    session.send(pdu.response({system_id: "SMSC"}), () => {
        tell({event: "bound", kind: pdu.command});
        if (pdu.command !== "bind_transmitter") {
            unacknowledged.forEach(entry => transmit(session, entry, true));
        }
    });
}

function submitStatus() {
    if (behaviour.throttle > 0) {
        behaviour.throttle -= 1;
        return smpp.ESME_RTHROTTLED;
    }
    return behaviour.submitStatus;
}

function onSubmit(session, pdu) {
    const status = submitStatus();
    const messageId = status === 0 ? (nextMessage++).toString(behaviour.idBase) : undefined;
    tell({
        event: "submit", status, messageId, sequence: pdu.sequence_number, from: pdu.source_addr, to: pdu.destination_addr,
        ...content(pdu), sar: sarOf(pdu), dataCoding: pdu.data_coding, esmClass: pdu.esm_class,
        registeredDelivery: pdu.registered_delivery, fromTon: pdu.source_addr_ton, toTon: pdu.dest_addr_ton, hex: pdu.hex,
    });
    if (behaviour.submit === "hang") {
        return;
    }
    const reply = () => {
        session.send(status === 0 ? pdu.response({message_id: messageId}) : pdu.response({command_status: status}));
        if (status === 0 && behaviour.receipts && (pdu.registered_delivery & 1)) {
            sendReceipt({messageId, from: pdu.destination_addr, to: pdu.source_addr, state: "DELIVRD"});
        }
    };
    if (behaviour.submit === "hold") {
        held.push(reply);
    } else {
        reply();
    }
}

function onSession(session) {
    tell({event: "opened"});
    for (const kind of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) {
        session.on(kind, pdu => onBind(session, pdu));
    }
    session.on("submit_sm", pdu => onSubmit(session, pdu));
    session.on("enquire_link", pdu => {
        tell({event: "enquire"});
        if (behaviour.enquire === "answer") {
            session.send(pdu.response());
        }
    });
    session.on("unbind", pdu => {
        tell({event: "unbind"});
        session.send(pdu.response());
        session.close();
    });
    session.on("generic_nack", pdu => tell({event: "nack", status: pdu.command_status, sequence: pdu.sequence_number}));
    session.on("unknown", pdu => session.send(pdu.response()));
    session.on("error", error => tell({event: "socketError", words: error.message}));
    session.on("close", () => {
        bound.delete(session);
        tell({event: "closed"});
    });
}

/** Sends one prepared part and reports its response. The PDU is built anew each time: all but the sequence number is equal. */
function transmit(session, entry, again) {
    const pdu = new smpp.PDU("deliver_sm", entry.fields);
    entry.sent = session;
    session.send(pdu, response => {
        if (entry.sent !== session) {
            return;
        }
        if (behaviour.lose > 0) {
            behaviour.lose -= 1;
            tell({event: "lost", key: entry.key, part: entry.part, status: response.command_status});
            session.destroy();
            return;
        }
        const place = unacknowledged.indexOf(entry);
        if (response.command_status === 0 && place >= 0) {
            unacknowledged.splice(place, 1);
        }
        tell({event: "acknowledged", key: entry.key, part: entry.part, status: response.command_status, again});
    });
}

function sendReceipt(receipt) {
    const entry = {key: receipt.key || "receipt:" + receipt.messageId, part: 1, fields: receiptFields(receipt)};
    unacknowledged.push(entry);
    transmit(receiver(), entry, false);
}

function listen(wanted) {
    return new Promise((resolve, reject) => {
        server = smpp.createServer(onSession);
        server.once("error", reject);
        server.listen(wanted, "127.0.0.1", () => {
            port = server.address().port;
            resolve({port});
        });
    });
}

function dropAll() {
    for (const session of [...server.sessions]) {
        session.destroy();
    }
}

const commands = {
    /** Listens on a free port, or again on the one it had. */
    listen: () => listen(port),

    /** Changes the behaviour; answers with all of it. */
    async behave(changes) {
        for (const name of Object.keys(changes)) {
            if (!Object.hasOwn(behaviour, name)) {
                throw new Error("no such behaviour: " + name);
            }
        }
        return Object.assign(behaviour, changes);
    },

    /**
     * Sends a text in as many parts as it needs; every response is an event "acknowledged" with its key.
     * With nobody bound and later true, it is sent as soon as somebody binds.
     */
    async deliver({later = false, ...text}) {
        const entries = prepare(text);
        const session = later && bound.size === 0 ? null : receiver();
        unacknowledged.push(...entries);
        if (session) {
            entries.forEach(entry => transmit(session, entry, false));
        }
        return {parts: entries.length};
    },

    async receipt(receipt) {
        sendReceipt(receipt);
        return {};
    },

    /** Answers everything that was held. */
    async release() {
        const count = held.length;
        held.splice(0).forEach(reply => reply());
        return {count};
    },

    /** Writes octets to every bound client as they are: malformed PDUs. */
    async raw({hex}) {
        bound.forEach(session => session.socket.write(Buffer.from(hex, "hex")));
        return {clients: bound.size};
    },

    /** Cuts all connections; goes on listening. */
    async drop() {
        const cut = server.sessions.length;
        dropAll();
        return {cut};
    },

    /** Stops listening and cuts all connections: the SMSC is down until the next "listen". */
    async stop() {
        const closed = new Promise(resolve => server.close(() => resolve({})));
        dropAll();
        return closed;
    },

    state: async () => ({bound: bound.size, unacknowledged: unacknowledged.map(entry => entry.key), held: held.length, port}),
};

interpret(commands);
