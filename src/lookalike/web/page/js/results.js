/** Look-alikes: one large, beside the visitor's face, and all as cards. */

import { credit } from "./credit.js";
import { el } from "./dom.js";
import { Likeness } from "./likeness.js";
import { portrait } from "./portrait.js";
import { rarityWords } from "./rarity.js";
import { say } from "../strings/en.js";

/** The answer about one face. */
export class Results {
  /**
   * @param {HTMLElement} root - Where.
   * @param {{service: object, files: Blob[]}} now - What the page knows; read when it is needed.
   */
  constructor(root, now) {
    this.root = root;
    this.now = now;
  }

  /** Show nothing. */
  clear() {
    this.root.replaceChildren();
  }

  /**
   * Show the look-alikes of a face.
   *
   * @param {object} answer - The service's answer to find.
   * @param {{photo: number, face: number, together: boolean}} choice - Which face, and whether
   *   it stands for the visitor of all photos.
   * @returns {{matches: object[]}} The face, as the service gave it.
   */
  show(answer, choice) {
    this.answer = answer;
    this.asked = choice;
    const face = faceOf(answer, choice);
    this.face = face;
    if (!face.matches.length) {
      this.root.replaceChildren(
        el(
          "div",
          { class: "nobody" },
          el("h2", { text: say.nobody }),
          el("p", { class: "quiet", text: say.nobodyHint }),
        ),
      );
      return face;
    }
    this.best = el("div", { class: "best" });
    this.cards = face.matches.map((match) => this.#card(match));
    this.root.replaceChildren(
      this.best,
      el("h3", { class: "list-title", text: say.list(face.matches.length) }),
      el("ol", { class: "cards" }, ...this.cards),
    );
    this.#choose(face.matches[0]);
    return face;
  }

  #choose(match) {
    for (const [number, card] of this.cards.entries()) {
      const button = card.querySelector("button");
      if (this.face.matches[number] === match) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const likeness = new Likeness(this.now, {
      answer: this.answer,
      face: this.face,
      match,
      asked: this.asked,
    });
    this.best.replaceChildren(likeness.element);
  }

  #card(match) {
    const button = el(
      "button",
      {
        class: "card-button",
        type: "button",
        "aria-label": say.show(match.name, match.rank),
        onclick: () => this.#pick(match),
      },
      portrait(match),
      el("span", { class: match.rank === 1 ? "badge first" : "badge", text: match.rank }),
      el("span", { class: "card-name", text: match.name }),
    );
    return el(
      "li",
      { class: "card" },
      button,
      match.rarity && el("p", { class: "card-rarity", text: rarityWords(match) }),
      el("p", { class: "quiet", text: say.distance(match.distance.toFixed(3)) }),
      credit(match),
    );
  }

  #pick(match) {
    this.#choose(match);
    const below = this.best.getBoundingClientRect().top < 0;
    if (below) this.best.scrollIntoView({ behavior: "smooth", block: "start" });
    document
      .getElementById("status")
      .replaceChildren(
        el("span", { class: "unseen", text: say.done(match.name, rarityWords(match)) }),
      );
  }
}

function faceOf(answer, { photo, face, together }) {
  const one = answer.photos[photo].faces[face];
  return together ? { ...one, ...answer.together } : one;
}
