// What a deliver_sm carries: a text cut into as many parts as it needs, or a delivery receipt.
// Encoding is node-smpp's; nothing here knows connections.
"use strict";

const smpp = require("smpp");

/** Octets for one encoding, by node-smpp's own coders. */
function encode(text, encoding) {
    return smpp.encodings[encoding === "ucs2" ? "UCS2" : "ASCII"].encode(text);
}

/** Cuts encoded octets into parts for a UDH of six octets; never inside an escape or a surrogate pair. */
function cut(octets, encoding) {
    const [whole, room] = encoding === "ucs2" ? [140, 134] : [160, 153];
    if (octets.length <= whole) {
        return [octets];
    }
    const parts = [];
    for (let start = 0; start < octets.length;) {
        let end = Math.min(start + room, octets.length);
        if (encoding === "ucs2" && end < octets.length && (octets[end] & 0xfc) === 0xdc) {
            end -= 2;
        } else if (encoding === "gsm" && end < octets.length && octets[end - 1] === 0x1b) {
            end -= 1;
        }
        parts.push(octets.subarray(start, end));
        start = end;
    }
    return parts;
}

function addresses(from, to) {
    return {
        source_addr: from.replace(/^\+/, ""), source_addr_ton: 1, source_addr_npi: 1,
        destination_addr: to.replace(/^\+/, ""), dest_addr_ton: 1, dest_addr_npi: 1,
    };
}

/** The fields of every part's deliver_sm; order: which part goes first, such as [2, 1, 3]. */
function prepare({key, from, to, text, encoding = "gsm", reference = 1, order}) {
    const parts = cut(encode(text, encoding), encoding);
    const entries = parts.map((octets, place) => ({
        key, part: place + 1,
        fields: {
            ...addresses(from, to), data_coding: encoding === "ucs2" ? 8 : 0, esm_class: parts.length > 1 ? 0x40 : 0,
            short_message: parts.length > 1
                ? Buffer.concat([Buffer.from([5, 0, 3, reference & 0xff, parts.length, place + 1]), octets]) : octets,
        },
    }));
    return order ? order.map(part => entries[part - 1]) : entries;
}

/** message_state of SMPP 3.4, by the word in a receipt. */
const STATES = {DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8};

/** The fields of a deliver_sm that is a receipt for messageId, from the customer's number to ours. */
function receiptFields({messageId, from, to, state = "DELIVRD", error = "000"}) {
    const dates = "submit date:2501010000 done date:2501010000";
    return {
        ...addresses(from, to), esm_class: 0x04, data_coding: 0,
        receipted_message_id: messageId, message_state: STATES[state],
        short_message: Buffer.from(`id:${messageId} sub:001 dlvrd:001 ${dates} stat:${state} err:${error} text:`),
    };
}

module.exports = {prepare, receiptFields};
