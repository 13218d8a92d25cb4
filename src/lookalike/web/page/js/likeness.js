/** The visitor's face and one look-alike, large: slider, words, what is alike, card to share. */

import { credit } from "./credit.js";
import { duo, slider } from "./slider.js";
import { el, icon } from "./dom.js";
import { explanation } from "./explanation.js";
import { portraitPath } from "./portrait.js";
import { rarityWords } from "./rarity.js";
import { say } from "../strings/en.js";
import { shareCard } from "./share.js";

/** One match beside the face that was asked about. */
export class Likeness {
  /**
   * @param {{service: object, files: Blob[]}} now - What the page knows.
   * @param {object} about - `answer`, `face`, `match`, and what was `asked`: the numbers of photo
   *   and face, and whether they stand for the visitor of all photos `together`.
   */
  constructor(now, about) {
    this.now = now;
    this.about = about;
    this.why = el("div", { class: "why", id: "why", hidden: true });
    this.element = el("article", { class: "likeness" }, this.#picture(), this.#words(), this.why);
  }

  #picture() {
    const { face, match, answer, asked } = this.about;
    if (!face.portrait || !portraitPath(match)) return duo(face.portrait, match);
    const { width } = answer.photos[asked.photo];
    return slider({ ...face, width, file: this.now.files[asked.photo] }, match);
  }

  #words() {
    const { face, match, answer } = this.about;
    const notes = [
      el("p", { class: match.rarity ? "rarity" : "quiet", text: rarityWords(match) }),
      spread(match.rarity),
      match.rank === 1 &&
        face.stands_out === false &&
        el("p", { class: "note", text: say.nobodyStandsOutWhy(answer.among) }),
      this.about.asked.together && agreement(face, match),
      el("p", {
        class: "quiet",
        text: say.distanceLong(
          match.distance.toFixed(3),
          say.metrics[answer.metric] ?? answer.metric,
        ),
      }),
    ].filter(Boolean);
    return el(
      "div",
      { class: "likeness-words" },
      el("p", { class: "eyebrow", text: this.#eyebrow() }),
      el("h2", { class: "best-name", text: match.name }),
      ...notes,
      el("div", { class: "actions" }, this.#shareButton(), this.#whyButton()),
      credit(match),
    );
  }

  #eyebrow() {
    const { face, match, asked } = this.about;
    if (match.rank > 1) return say.chosen(match.rank);
    if (face.stands_out === false) return say.nobodyStandsOut;
    return asked.together ? say.together(face.used) : say.most;
  }

  /** What explain and card are asked with: the photo again, and which face and person. */
  #request() {
    const { asked, match, answer } = this.about;
    return {
      ...answer.asked,
      // Whom all photos name may come later for one of them.
      ...(asked.together ? { k: String(this.now.service.limits.max_people) } : {}),
      photo: this.now.files[asked.photo],
      face: String(asked.face),
      person: match.id,
    };
  }

  #shareButton() {
    if (!this.now.service.offers.includes("card")) return null;
    const open = () =>
      shareCard(this.#request(), this.about.match, this.now.service.offers.includes("explain"));
    return el(
      "button",
      { class: "button primary", type: "button", onclick: open },
      icon("share"),
      el("span", { text: say.share }),
    );
  }

  #whyButton() {
    const { match } = this.about;
    if (!this.now.service.offers.includes("explain") || !portraitPath(match)) return null;
    const button = el(
      "button",
      {
        class: "button",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": "why",
      },
      icon("why"),
      el("span", { text: say.why }),
    );
    button.addEventListener("click", () => {
      const open = this.why.hidden;
      this.why.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      if (open && !this.why.hasChildNodes()) this.why.append(explanation(this.#request(), match));
    });
    return button;
  }
}

/** Between what the rarity lies, where that says more than the rarity itself. */
function spread(rarity) {
  if (!rarity || say.rarityShort(rarity.low) === say.rarityShort(rarity.high)) return null;
  return el("p", { class: "quiet", text: say.raritySpan(rarity.low, rarity.high) });
}

/** Whether the photos of one person name the same person. */
function agreement(face, match) {
  if (face.agree === false) return el("p", { class: "note", text: say.differing });
  if (match.rank > 1 || face.stability === null) return null;
  return el("p", { class: "quiet", text: say.agreeing(face.stability) });
}
