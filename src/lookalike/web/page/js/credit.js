/** Who made a photo, under which licence, and where it was published. */

import { el } from "./dom.js";
import { say } from "../strings/en.js";
import { shownPhoto } from "./portrait.js";

/**
 * Make the line of credit of a match.
 *
 * @param {object} match - A match of the service.
 * @returns {HTMLElement|null} Null if nothing is known of the photo.
 */
export function credit(match) {
  const photo = shownPhoto(match);
  if (!photo) return null;
  const words = [photo.credit && say.credit(photo.credit), photo.licence]
    .filter(Boolean)
    .join(" · ");
  const linked = /^https?:\/\//.test(photo.page);
  if (!words && !linked) return null;
  const link =
    linked &&
    el("a", {
      href: photo.page,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": say.sourceOf(match.name),
      text: say.source,
    });
  return el("p", { class: "credit" }, words + (words && linked ? " · " : ""), link || null);
}
