/**
 * Decides when the others are told that the agent types. Each notice costs an entry in the transcript,
 * so there is one when typing starts, one when it stops, and never more than one start in a while.
 */

/** Milliseconds without a key after which typing has stopped. */
const IDLE = 6_000;
/** Milliseconds between two starts. */
const AT_MOST_EVERY = 8_000;

export class TypingNotices {
  #tell; #id = null; #timer = null; #lastStart = -AT_MOST_EVERY; #clock;

  /** @param tell tell(sessionId, started); clock gives milliseconds, monotonic. */
  constructor(tell, clock = () => performance.now()) {
    this.#tell = tell;
    this.#clock = clock;
  }

  /** A key was pressed in the composer of session `id`; `text` says whether anything is written there. */
  typed(id, text) {
    if (!text) return this.stop();
    if (this.#id !== id) this.stop();
    if (this.#id === null && this.#clock() - this.#lastStart >= AT_MOST_EVERY) {
      this.#id = id;
      this.#lastStart = this.#clock();
      this.#tell(id, true);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), IDLE);
  }

  /** The text was sent, deleted or left alone. */
  stop() {
    clearTimeout(this.#timer);
    if (this.#id !== null) this.#tell(this.#id, false);
    this.#id = null;
  }
}
