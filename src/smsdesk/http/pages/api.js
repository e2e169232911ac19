/**
 * The public API (SPEC 1) as the page uses it: one place for addresses, the CSRF header, time limits and errors in words.
 * The password is used for one request and kept nowhere; afterwards the session cookie speaks.
 */

const TIME_LIMIT = 20_000;

/** An answer that is not what was asked for. `code` is the API's statusCode, `denied` means: nobody is signed in,
 * `passwordExpired`: a new password has to be chosen first. */
export class ApiError extends Error {
  constructor(words, { code = 0, status = 0 } = {}) {
    super(words);
    this.code = code;
    this.status = status;
    this.denied = code === 20;
    this.passwordExpired = code === 8;
  }
}

export class Api {
  #base; #csrf = null;

  /** @param base absolute address that `api/v2/` is relative to. */
  constructor(base) {
    this.#base = new URL("api/v2/", base);
  }

  /** Signs in with Basic, once. @returns the user with channels. */
  async signIn(userName, password) {
    return userOf(await this.#call("GET", "me?subresources=*", { headers: basic(userName, password) }));
  }

  /** Changes the password, which may be the only thing that the old one is good for. */
  async changePassword(userName, oldPassword, newPassword) {
    const body = { operationName: "ChangePassword", oldPassword, newPassword };
    return this.#call("POST", "me", { headers: basic(userName, oldPassword), body });
  }

  /** @returns the user the cookie belongs to, with channels. */
  async me() {
    return userOf(await this.#call("GET", "me?subresources=*"));
  }

  /** @returns all session resources of the user. */
  async sessions() {
    return (await this.#call("GET", "me/smssessions?fields=*")).smssessions ?? [];
  }

  /** @returns the transcript of a session as far as the user may see it. */
  async messages(id) {
    return (await this.#call("GET", `me/smssessions/${encodeURIComponent(id)}/messages`)).messages ?? [];
  }

  /** Asks for an operation on a session. `key` makes a repeated request harmless (SPEC 1.6). */
  async perform(id, operationName, parameters = {}, key = null) {
    const headers = key ? { "Idempotency-Key": key } : {};
    return this.#call("POST", `me/smssessions/${encodeURIComponent(id)}`, { headers, body: { operationName, ...parameters } });
  }

  /** StartContactCenterSession or EndContactCenterSession. */
  async contactCenter(operationName, parameters = {}) {
    return this.#call("POST", "me", { body: { operationName, ...parameters } });
  }

  /** Ready or NotReady on the SMS channel. */
  async readiness(operationName) {
    return this.#call("POST", "me/channels/smssession", { body: { operationName } });
  }

  /** Posts Bayeux messages. @returns the list of answers; `timeout` in milliseconds. */
  async notifications(messages, { signal, timeout }) {
    const answer = await this.#call("POST", "notifications", { body: messages, signal, timeout });
    if (!Array.isArray(answer)) throw new ApiError("The server answered something else than notifications.");
    return answer;
  }

  async #call(method, path, { headers = {}, body, signal, timeout = TIME_LIMIT } = {}) {
    const response = await this.#fetch(new URL(path, this.#base), {
      method,
      headers: { ...headers, ...this.#csrfHeader(method), ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    }, signal, timeout);
    this.#rememberCsrf(response.headers);
    return answerOf(response);
  }

  async #fetch(url, request, signal, timeout) {
    const limit = AbortSignal.timeout(timeout);
    try {
      return await fetch(url, { ...request, cache: "no-store", signal: signal ? AbortSignal.any([signal, limit]) : limit });
    } catch (error) {
      if (error.name === "TimeoutError") throw new ApiError("The server did not answer in time.");
      throw new ApiError("The server cannot be reached. Check the connection and try again.");
    }
  }

  #csrfHeader(method) {
    return method === "GET" || !this.#csrf ? {} : { [this.#csrf.name]: this.#csrf.value };
  }

  #rememberCsrf(headers) {
    const name = headers.get("X-CSRF-HEADER");
    if (name && headers.get(name)) this.#csrf = { name, value: headers.get(name) };
  }
}

function basic(userName, password) {
  const bytes = new TextEncoder().encode(`${userName}:${password}`);
  return { Authorization: `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}` };
}

function userOf(answer) {
  return answer.user ?? answer;
}

async function answerOf(response) {
  const answer = await response.json().catch(() => null);
  if (response.ok && answer && !answer.statusCode) return answer;
  const code = answer?.statusCode ?? 0;
  if (code) throw new ApiError(answer.statusMessage ?? `The server refused (${code}).`, { code, status: response.status });
  throw new ApiError(`The server answered ${response.status} ${response.statusText}`.trim() + ".", { status: response.status });
}

/** @returns a random key for one request that may be repeated; works on plain http as well. */
export function requestKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
