/**
 * A small Bayeux 1.0 client: long polling, with acknowledgements where the server has them (SPEC 4.1, 4.2).
 * It knows the protocol only: how bytes travel, what a message means and who is signed in it is told from outside.
 */

/** Milliseconds: between tries; added to what an answer may take. */
const BACK_OFF = { first: 500, most: 15_000 };
const SLACK = 15_000;

/** A reply that says no: `code` is the number in front of its error, `advice` what the server suggests. */
class Refused extends Error {
  constructor(reply) {
    super(reply?.error ?? "no reply");
    this.code = Number.parseInt(reply?.error ?? "", 10);
    this.advice = reply?.advice ?? {};
  }
}

/** Waits; `signal` ends the wait early. */
async function pause(milliseconds, signal) {
  let done;
  const timer = setTimeout(() => done(), milliseconds);
  await new Promise((resolve) => signal.addEventListener("abort", done = resolve));
  clearTimeout(timer);
  signal.removeEventListener("abort", done);
}

export class Bayeux {
  #options; #running = false; #clientId = null; #synced = false; #early = [];
  #acknowledged = 0; #advice = {}; #failures = 0; #serial = 0; #abort = new AbortController();

  /**
   * @param options post(messages, {signal, timeout}) -> replies, throws an error with `denied` when not signed in;
   *   topics; catchUp() reads everything again, called after each subscription and each broken connection;
   *   onMessage(channel, data); onState("connecting" | "catching-up" | "live" | "offline" | "stopped", delay ms); onDenied();
   *   wait(ms, signal), random() for tests.
   */
  constructor(options) {
    this.#options = { wait: pause, random: Math.random, ...options };
  }

  /** Runs until stopped or denied. */
  async start() {
    this.#running = true;
    this.#options.onState("connecting", 0);
    while (this.#running) {
      try {
        await this.#turn();
        this.#failures = 0;
      } catch (error) {
        if (this.#running) await this.#recover(error);
      }
    }
  }

  /** Ends the loop and whatever it waits for. */
  stop() {
    this.#running = false;
    this.#abort.abort();
  }

  /** Cuts the present poll or pause short: the network is said to have come or gone. */
  nudge() {
    this.#abort.abort();
  }

  async #turn() {
    if (!this.#clientId) await this.#handshake();
    if (!this.#synced) await this.#catchUp();
    await this.#connect();
    if (this.#advice.interval > 0) await this.#options.wait(this.#advice.interval, this.#signal());
  }

  async #handshake() {
    this.#early = [];
    const [reply] = await this.#exchange([{ channel: "/meta/handshake", version: "1.0", minimumVersion: "1.0",
      supportedConnectionTypes: ["long-polling"], ext: { ack: true } }]);
    this.#acknowledged = reply.ext?.ack ? -1 : null;
    const { clientId } = reply;
    const subscribe = (subscription) => ({ channel: "/meta/subscribe", clientId, subscription });
    await this.#exchange(this.#options.topics.map(subscribe));
    this.#clientId = clientId;
  }

  /** Subscribed first, read second, listened third: what happens in between waits on the server. */
  async #catchUp() {
    this.#options.onState("catching-up", 0);
    await this.#options.catchUp();
    if (!this.#running) return;
    this.#synced = true;
    this.#early.splice(0).forEach((message) => this.#deliver(message));
    this.#options.onState("live", 0);
  }

  async #connect() {
    const request = { channel: "/meta/connect", clientId: this.#clientId, connectionType: "long-polling" };
    if (this.#acknowledged !== null) request.ext = { ack: this.#acknowledged };
    const [reply] = await this.#exchange([request], (this.#advice.timeout ?? 30_000) + SLACK);
    if (this.#acknowledged !== null && Number.isInteger(reply.ext?.ack)) this.#acknowledged = reply.ext.ack;
  }

  /** Posts requests, delivers what comes along, returns the replies in the order of the requests. */
  async #exchange(requests, timeout = SLACK) {
    const sent = requests.map((request) => ({ ...request, id: String(++this.#serial) }));
    const received = await this.#options.post(sent, { signal: this.#signal(), timeout });
    if (!this.#running) throw new Refused();
    const replies = new Map();
    received.forEach((message) => {
      if (message.advice) this.#advice = { ...this.#advice, ...message.advice };
      if (message.channel.startsWith("/meta/")) replies.set(message.id, message);
      else this.#deliver(message);
    });
    return sent.map((request) => {
      const reply = replies.get(request.id);
      if (!reply?.successful) throw new Refused(reply);
      return reply;
    });
  }

  #deliver(message) {
    if (this.#synced) this.#options.onMessage(message.channel, message.data);
    else this.#early.push(message);
  }

  /** After any failure everything is read again, so a reply that was lost on the way does no harm. */
  async #recover(error) {
    this.#failures += 1;
    this.#synced = false;
    if (error.denied || error.code === 403 || error.advice?.reconnect === "none") return this.#end(error);
    const forgotten = error.code === 402 || error.advice?.reconnect === "handshake";
    if (forgotten) this.#clientId = null;
    const full = Math.min(BACK_OFF.most, BACK_OFF.first * 2 ** (this.#failures - 1));
    const backOff = forgotten && this.#failures === 1 ? 0 : full * (0.75 + this.#options.random() / 4);
    const delay = Math.max(backOff, error.advice?.interval ?? 0);
    this.#options.onState(delay ? "offline" : "catching-up", delay);
    await this.#options.wait(delay, this.#signal());
  }

  #end(error) {
    this.stop();
    this.#options.onState("stopped", 0);
    if (error.denied || error.code === 403) this.#options.onDenied();
  }

  #signal() {
    if (this.#running && this.#abort.signal.aborted) this.#abort = new AbortController();
    return this.#abort.signal;
  }
}
