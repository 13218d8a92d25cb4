/** Dialogs: the browser's own, which keeps the focus inside and gives it back. */

import { el, icon } from "./dom.js";
import { say } from "../strings/en.js";

let numbers = 0;

/**
 * Open a dialog; it is taken out of the page when it closes.
 *
 * @param {string} title - Its heading.
 * @param {{lasting?: boolean, wide?: boolean, onClose?: function(): void}} how - Whether it has no
 *   way out of its own, whether it is wide, and who is told that it was closed.
 * @param {...Node} children - What it holds.
 * @returns {HTMLDialogElement} The open dialog.
 */
export function dialog(title, { lasting = false, wide = false, onClose } = {}, ...children) {
  numbers += 1;
  const titleId = `dialog-title-${numbers}`;
  const close = el(
    "button",
    { class: "button bare", type: "button", "aria-label": say.close },
    icon("close"),
  );
  const box = el(
    "dialog",
    { class: wide ? "dialog wide" : "dialog", "aria-labelledby": titleId },
    el(
      "div",
      { class: "dialog-head" },
      el("h2", { id: titleId, text: title }),
      lasting ? null : close,
    ),
    ...children,
  );
  close.addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => {
    if (event.target === box && !lasting) box.close();
  });
  box.addEventListener("cancel", (event) => lasting && event.preventDefault());
  box.addEventListener("close", () => {
    box.remove();
    onClose?.();
  });
  document.body.append(box);
  box.showModal();
  return box;
}
