/** What is alike: two pictures with what matters lit up, and the parts of the face in order. */

import { el } from "./dom.js";
import { errorWords } from "../strings/errors.js";
import { post, ServiceError } from "./api.js";
import { say } from "../strings/en.js";

/**
 * Ask why two faces are alike, and show it.
 *
 * @param {object} request - What to ask: photo, face, person and the options of find.
 * @param {{name: string}} match - With whom.
 * @returns {HTMLElement} Fills itself when the answer comes.
 */
export function explanation(request, match) {
  const busy = el(
    "p",
    { class: "status", role: "status" },
    el("span", { class: "spinner", "aria-hidden": "true" }),
    el("span", { text: say.whyBusy }),
  );
  const box = el("div", { class: "why-box" }, busy);
  post("explain", request)
    .then((response) => response.json())
    .then((told) => box.replaceChildren(...drawn(told, match)))
    .catch((error) => {
      if (!(error instanceof ServiceError)) throw error;
      const { title, hint } = errorWords(error.kind, null, error.message);
      box.replaceChildren(el("p", { role: "alert", text: `${title}. ${hint}` }));
    });
  return box;
}

function drawn(told, match) {
  const [yours, theirs] = told.pictures ?? [];
  const picture = (src, alt, words) =>
    src &&
    el("figure", {}, el("img", { src, alt }), el("figcaption", { class: "quiet", text: words }));
  return [
    el("h3", { text: say.whyTitle(match.name) }),
    el("p", { class: "why-sentence", role: "status", text: told.sentence }),
    el(
      "div",
      { class: "why-pictures" },
      picture(yours, say.whyYours, say.you),
      picture(theirs, say.whyTheirs(match.name), match.name),
    ),
    el("p", { class: "quiet", text: say.whyColors }),
    parts(told.parts),
  ];
}

/** Bars whose lengths are the parts' weights; the list's order says the same to ears. */
function parts(told) {
  const most = Math.max(...told.map((part) => part.weight), 1e-9);
  const rows = told.map((part) => {
    const bar = el("span", { class: "part-bar" }, el("span", {}));
    bar.firstChild.style.width = `${Math.round((100 * Math.max(part.weight, 0)) / most)}%`;
    return el("li", {}, el("span", { text: say.parts[part.name] ?? part.name }), bar);
  });
  return el("ol", { class: "parts", "aria-label": say.whyParts }, ...rows);
}
