/** What went wrong, where everybody sees and hears it. */

import { byId, el, icon } from "./dom.js";
import { errorWords, tryAgain } from "../strings/errors.js";
import { say } from "../strings/en.js";

/**
 * Show an error and what can be done.
 *
 * @param {{kind: string, message: string}} error - What went wrong.
 * @param {object|null} limits - What the service allows.
 * @param {{onAgain?: function(): void|null, onAnother?: function(): void|null}} ways - Ways out.
 */
export function showTrouble(error, limits, { onAgain = null, onAnother = null } = {}) {
  const { title, hint } = errorWords(error.kind, limits, error.message);
  const way = (act, words, primary) =>
    act &&
    el("button", {
      class: primary ? "button small primary" : "button small",
      type: "button",
      text: words,
      onclick: act,
    });
  const box = byId("trouble");
  box.replaceChildren(
    icon("alert"),
    el("h2", { text: title }),
    el("p", { class: "quiet", text: hint }),
    el(
      "div",
      { class: "actions" },
      way(onAgain, tryAgain, true),
      way(onAnother, say.another, !onAgain),
    ),
  );
  box.dataset.kind = error.kind;
  box.hidden = false;
}

/** Take the error away. */
export function hideTrouble() {
  const box = byId("trouble");
  box.hidden = true;
  box.replaceChildren();
}
