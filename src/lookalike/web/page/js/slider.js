/** Two aligned faces on one another: slide from one to the other, or blend them. */

import { aligned } from "./aligned.js";
import { el } from "./dom.js";
import { portrait, portraitPath } from "./portrait.js";
import { portraitWithEyes } from "./api.js";
import { say } from "../strings/en.js";

/** As large as the service keeps portraits. */
const SIDE_PX = 432;
/** Finer than the portrait: the visitor's photo has more to show. */
const DRAWN_PX = 864;

/**
 * Lay the visitor's face over a look-alike's.
 *
 * @param {{portrait: string, file: Blob, width: number, landmarks: number[][]}} visitor - The face
 *   as the service cut it, and what it takes to cut it as the look-alike's portrait is.
 * @param {object} match - A match of the service, with a picture.
 * @returns {HTMLElement} A figure with a slider in it.
 */
export function slider(visitor, match) {
  const over = el("span", { class: "over" }, el("img", { src: visitor.portrait, alt: "" }));
  const under = portrait(match, "", SIDE_PX);
  const range = el("input", {
    class: "range",
    type: "range",
    min: "0",
    max: "100",
    value: "50",
    "aria-label": say.sliderLabel(match.name),
  });
  const frame = el(
    "div",
    { class: "compare opening" },
    under,
    over,
    el("span", { class: "seam", "aria-hidden": "true" }),
    range,
    el("span", { class: "tag yours", "aria-hidden": "true", text: say.you }),
    el("span", { class: "tag theirs", "aria-hidden": "true", text: match.name }),
  );
  const move = () => {
    frame.style.setProperty("--at", `${range.value}%`);
    range.setAttribute("aria-valuetext", say.sliderValue(Number(range.value), match.name));
  };
  range.addEventListener("input", () => {
    frame.classList.remove("opening");
    move();
  });
  move();
  lay(visitor, match, over, under);
  return el("figure", { class: "likeness-picture" }, frame, modes(frame));
}

/**
 * Put eyes on eyes. A portrait from a tight photo is larger than others, so it is the visitor's
 * face that is fitted; where that cannot be done, it stays as the service cut it.
 */
async function lay(visitor, match, over, under) {
  try {
    const { address, eyes } = await portraitWithEyes(portraitPath(match), SIDE_PX);
    under.replaceChildren(el("img", { src: address, alt: "" }));
    if (eyes) over.replaceChildren(await aligned(visitor, eyes, DRAWN_PX));
    over.dataset.aligned = String(Boolean(eyes));
  } catch {
    over.dataset.aligned = "false";
  }
}

/** The choice between a seam that moves and faces that fade. */
function modes(frame) {
  const button = (words, blend) =>
    el("button", {
      class: "mode",
      type: "button",
      text: words,
      "aria-pressed": String(!blend),
      onclick: (event) => {
        frame.classList.toggle("blend", blend);
        for (const one of event.target.parentElement.children) {
          one.setAttribute("aria-pressed", String(one === event.target));
        }
      },
    });
  return el("div", { class: "modes" }, button(say.slide, false), button(say.blend, true));
}

/**
 * Set the visitor's face beside a look-alike of whom no picture is kept.
 *
 * @param {string|null} yours - The address of the visitor's face.
 * @param {object} match - A match of the service.
 * @returns {HTMLElement} Two discs that overlap, as in the mark.
 */
export function duo(yours, match) {
  const you = yours ? el("img", { src: yours, alt: say.yourFace }) : el("span", { class: "blank" });
  return el(
    "figure",
    { class: "likeness-picture duo" },
    el("span", { class: "duo-disc" }, you),
    el("span", { class: "duo-disc" }, portrait(match, "", SIDE_PX)),
  );
}
