/** The picture of a known person, or a monogram where none is kept. */

import { pictureAddress } from "./api.js";
import { el } from "./dom.js";
import { monogram } from "./monogram.js";

/**
 * Return the path of the nearest photo's picture.
 *
 * @param {object} match - A match of the service.
 * @returns {string|null} Null if no picture is kept.
 */
export const portraitPath = (match) =>
  match.photos?.find((photo) => photo.portrait)?.portrait ?? null;

/**
 * Return the photo that is shown of a match: the one with a picture, or the nearest.
 *
 * @param {object} match - A match of the service.
 * @returns {object|null} A photo of the service.
 */
export const shownPhoto = (match) =>
  match.photos?.find((photo) => photo.portrait) ?? match.photos?.[0] ?? null;

/**
 * Make the picture of a match.
 *
 * @param {object} match - A match of the service.
 * @param {string} alt - What screen readers say; empty if the name stands beside it.
 * @param {number} size - The side in pixels to ask for.
 * @returns {HTMLElement} A square; a monogram where there is no picture, or it does not come.
 */
export function portrait(match, alt = "", size = 216) {
  const frame = el("span", { class: "portrait" });
  const path = portraitPath(match);
  if (!path) {
    frame.append(monogram(match));
    return frame;
  }
  const picture = el("img", { alt, width: size, height: size, decoding: "async" });
  const fallBack = () => frame.replaceChildren(monogram(match));
  picture.addEventListener("error", fallBack);
  pictureAddress(path, size).then((address) => (picture.src = address), fallBack);
  frame.append(picture);
  return frame;
}
