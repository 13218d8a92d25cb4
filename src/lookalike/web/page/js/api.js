/** Asking the service. Addresses are relative, so the page also works below a proxy's path. */

/** An answer that is no success, or none at all (`kind` "gone"). */
export class ServiceError extends Error {
  /**
   * @param {string} kind - The stable name of what is wrong.
   * @param {string} message - What the service said.
   * @param {number} retryAfterS - When to ask again, in seconds; 0 if it did not say.
   */
  constructor(kind, message = "", retryAfterS = 0) {
    super(message);
    this.kind = kind;
    this.retryAfterS = retryAfterS;
  }
}

const TOKEN = "lookalike-token";
const RETRIES = 2;
const LONGEST_WAIT_S = 20;

/** The token of this visit; it goes when the tab is closed. */
export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
  forget: () => sessionStorage.removeItem(TOKEN),
};

const headers = () => (token.get() ? { Authorization: `Bearer ${token.get()}` } : {});

async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const waitS = Number(response.headers.get("Retry-After")) || 0;
  const { kind = `status${response.status}`, message = "" } = body?.error ?? {};
  return new ServiceError(kind, message, waitS);
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(`api/v1/${path}`, { ...options, headers: headers() });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError("gone");
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** What a wait can be told about, and what ends it. */
const pause = (seconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    });
  });

/**
 * Send a form. Where the service is busy and says for how long, ask again by itself.
 *
 * @param {string} path - Below api/v1/.
 * @param {Object<string, *>} fields - Words; empty ones are left out. A list of files is several.
 * @param {{signal?: AbortSignal, onWait?: function(number): void}} options - What ends it, and who
 *   is told of a wait, in seconds.
 * @returns {Promise<Response>} The answer.
 * @throws {ServiceError} If there is none, or it is no success.
 */
export async function post(path, fields, { signal, onWait } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== "" && one !== null && one !== undefined && one !== false) {
        body.append(name, one === true ? "on" : one);
      }
    }
  }
  for (let turn = 0; ; turn += 1) {
    try {
      return await ask(path, { method: "POST", body, signal });
    } catch (error) {
      const waitS = error.retryAfterS;
      if (!waitS || waitS > LONGEST_WAIT_S || turn >= RETRIES) throw error;
      onWait?.(waitS);
      await pause(waitS, signal);
    }
  }
}

/**
 * Get what the service tells about itself or a gallery.
 *
 * @param {string} path - Below api/v1/.
 * @returns {Promise<object>} The answer.
 * @throws {ServiceError} If there is none, or it is no success.
 */
export const get = async (path) => (await ask(path)).json();

/**
 * Get a portrait and where its eyes are.
 *
 * @param {string} path - As the service gives it, from its root.
 * @param {number} size - Its side in pixels.
 * @returns {Promise<{address: string, eyes: number[]|null}>} An address in memory, and x y of left
 *   and right eye in parts of the side, if the service knows.
 */
export async function portraitWithEyes(path, size) {
  const response = await ask(`${path.replace(/^\/?api\/v1\//, "")}?size=${size}`);
  const eyes = response.headers.get("Lookalike-Eyes")?.split(" ").map(Number) ?? null;
  return { address: URL.createObjectURL(await response.blob()), eyes };
}

/**
 * Return an address for a picture of the service that an `<img>` can show. With a token the
 * picture is fetched here, because an `<img>` cannot send one.
 *
 * @param {string} path - As the service gives it, from its root.
 * @param {number} size - Its side in pixels.
 * @returns {Promise<string>} An address of the service or of memory.
 */
export async function pictureAddress(path, size) {
  const below = path.replace(/^\/?api\/v1\//, "");
  if (!token.get()) return `api/v1/${below}?size=${size}`;
  const response = await ask(`${below}?size=${size}`);
  return URL.createObjectURL(await response.blob());
}
