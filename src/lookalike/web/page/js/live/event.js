/** Event mode: one person in front of a large screen, named in big type, then the next. */

import { el } from "../dom.js";
import { portrait, portraitPath } from "../portrait.js";
import { rarityWords } from "../rarity.js";
import { say } from "../../strings/en.js";

/** A face must stay this long before it is named: nobody wants a name while walking by. */
const SETTLE_S = 1.2;
/** After this long without a face the next one is waited for. */
const LEFT_MS = 2000;

/**
 * Say what the screen should show.
 *
 * @param {{track: number|null, seen: number}} before - Whom it was about, and when they were seen.
 * @param {object[]} faces - The faces of an answer.
 * @param {number} now - In milliseconds.
 * @returns {{state: "nobody"|"looking"|"named"|"held", face: object|null, track: number|null, seen: number}}
 *   Whom it is about now: the same face as long as it is there, then the largest.
 */
export function turn(before, faces, now) {
  const area = ({ box: [x1, y1, x2, y2] }) => (x2 - x1) * (y2 - y1);
  const same = faces.find((face) => face.track === before.track);
  const largest = faces.reduce(
    (best, face) => (best && area(best) >= area(face) ? best : face),
    null,
  );
  const face = same ?? (before.track === null || now - before.seen > LEFT_MS ? largest : null);
  if (!face) {
    return before.track === null || now - before.seen > LEFT_MS
      ? { state: "nobody", face: null, track: null, seen: before.seen }
      : { state: "held", face: null, track: before.track, seen: before.seen };
  }
  const named = face.matches.length > 0 && face.age_s >= SETTLE_S;
  return { state: named ? "named" : "looking", face, track: face.track, seen: now };
}

const NOBODY = { state: "", track: null, seen: 0, person: "" };

/** The screen of event mode. */
export class EventScreen {
  /** @param {HTMLElement} root - Where. */
  constructor(root) {
    this.root = root;
    this.now = NOBODY;
  }

  /** Start: nobody is there yet. */
  start() {
    this.stop();
    this.root.hidden = false;
    this.#take(turn(this.now, [], performance.now()));
    // Who leaves is noticed without an answer, too.
    this.timer = setInterval(() => this.#take(turn(this.now, [], performance.now())), 500);
  }

  /** End event mode. */
  stop() {
    clearInterval(this.timer);
    this.now = NOBODY;
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  /**
   * Take a new answer.
   *
   * @param {{faces: object[]}} answer - The service's.
   */
  show(answer) {
    this.#take(turn(this.now, answer.faces, performance.now()));
  }

  #take(next) {
    if (next.state === "held") return;
    const person = next.state === "named" ? next.face.matches[0].id : "";
    const same = next.state === this.now.state && person === this.now.person;
    this.now = { state: next.state, track: next.track, seen: next.seen, person };
    if (same) return;
    this.root.dataset.state = next.state;
    this.root.replaceChildren(...this.#drawn(next));
  }

  #drawn({ state, face }) {
    if (state === "nobody") {
      return [
        el("p", { class: "event-call", text: say.eventCall }),
        el("p", { class: "event-small", text: say.livePrivacy }),
      ];
    }
    if (state === "looking") return [el("p", { class: "event-call", text: say.lookingAtYou })];
    const [match] = face.matches;
    const words = el(
      "div",
      { class: "event-words" },
      el("p", { class: "event-small", text: face.stands_out === false ? say.nearest : say.most }),
      el("p", { class: "event-name", text: match.name }),
      match.rarity && el("p", { class: "event-rarity", text: rarityWords(match) }),
    );
    return [portraitPath(match) ? portrait(match, "", 432) : null, words].filter(Boolean);
  }
}
