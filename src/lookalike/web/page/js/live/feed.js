/**
 * The way of frames to the service, and of answers back.
 *
 * The newest frame wins: at most two are on their way, and one is only taken when there is room.
 */

import { still } from "../camera.js";
import { token } from "../api.js";

const SIDE_PX = 640;
const QUALITY = 0.75;
const IN_FLIGHT = 2;
/** After this long without an answer a frame counts as lost. */
const LOST_MS = 4000;
const SLOWEST_RETRY_MS = 8000;
const REFUSED = 1008;
const FULL = 1013;

/** Sends a video's frames and tells the answers. */
export class Feed {
  /**
   * @param {HTMLVideoElement} video - What is playing.
   * @param {object} asked - What is wanted, as the socket's `start` message takes it.
   * @param {{onFaces: function(object): void, onTrouble: function({kind: string}): void,
   *   onLost: function(boolean): void}} told - Told of answers, with the time at which their frame
   *   was `sent`, of an end for good, and of whether
   *   the connection is lost for now.
   */
  constructor(video, asked, told) {
    this.video = video;
    this.asked = asked;
    this.told = told;
    this.canvas = document.createElement("canvas");
    this.number = 0;
    this.flying = new Map();
    this.failures = 0;
    this.refusal = null;
    this.on = true;
    this.wake = () => document.hidden || (this.on && !this.socket && this.#connect());
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  /** End for good. */
  stop() {
    this.on = false;
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.retry);
    this.socket?.close(1000);
  }

  #connect() {
    clearTimeout(this.retry);
    const address = new URL("api/v1/live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.hash = address.search = "";
    const socket = new WebSocket(address);
    this.socket = socket;
    this.open = false;
    this.flying.clear();
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ ...this.asked, type: "start", token: token.get() }));
    });
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => this.#closed(code));
  }

  #hear(said) {
    if (said.type === "ready") {
      this.open = true;
      this.failures = 0;
      this.told.onLost(false);
      this.#send();
      return;
    }
    if (said.type === "error" && said.frame === null) {
      this.refusal = said.error;
      return;
    }
    // An answer also settles the frames before it: they were passed over.
    const sent = this.flying.get(said.frame) ?? performance.now();
    for (const number of this.flying.keys()) if (number <= said.frame) this.flying.delete(number);
    if (said.type === "faces") this.told.onFaces({ ...said, sent });
    this.#send();
  }

  #closed(code) {
    this.open = false;
    this.socket = null;
    if (!this.on) return;
    if (code === REFUSED || code === FULL) {
      this.stop();
      this.told.onTrouble(
        code === FULL ? { kind: "liveFull" } : (this.refusal ?? { kind: "liveLost" }),
      );
      return;
    }
    // A page that nobody sees sends nothing, and the service hangs up; `wake` calls again.
    if (document.hidden) return;
    this.failures += 1;
    this.told.onLost(true);
    this.retry = setTimeout(
      () => this.#connect(),
      Math.min(SLOWEST_RETRY_MS, 500 * 2 ** this.failures),
    );
  }

  /** Take the next frame if there is room for it. */
  #send() {
    if (!this.open || this.waiting) return;
    const now = performance.now();
    for (const [number, sent] of this.flying) if (now - sent > LOST_MS) this.flying.delete(number);
    if (this.flying.size >= IN_FLIGHT) return;
    this.waiting = true;
    const timer = setTimeout(() => this.#take(), 250);
    const frame = this.video.requestVideoFrameCallback?.(() => this.#take());
    this.cancel = () => {
      clearTimeout(timer);
      if (frame !== undefined) this.video.cancelVideoFrameCallback(frame);
    };
  }

  async #take() {
    this.cancel();
    const number = ++this.number;
    const picture = await still(this.video, {
      side: SIDE_PX,
      quality: QUALITY,
      canvas: this.canvas,
    });
    this.waiting = false;
    if (this.open && picture && this.socket.readyState === WebSocket.OPEN) {
      const head = new DataView(new ArrayBuffer(4));
      head.setUint32(0, number);
      this.flying.set(number, performance.now());
      this.socket.send(new Blob([head, picture]));
    }
    if (this.on) this.#send();
  }
}
