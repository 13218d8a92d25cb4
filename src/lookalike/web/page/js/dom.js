/** Making elements, and filling those of the page with words. */

import { say } from "../strings/en.js";

/**
 * Make an element.
 *
 * @param {string} tag - Its name.
 * @param {Object<string, *>} properties - Attributes; `text` is its text, `onclick` and so on listen.
 *   Attributes that are false, null or undefined are left out, true ones are empty.
 * @param {...(Node|string|null)} children - What it holds; null is left out.
 * @returns {HTMLElement} The element.
 */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
}

/**
 * Find one element by its id; the page is broken if it is not there.
 *
 * @param {string} id - Its id.
 * @returns {HTMLElement} The element.
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/**
 * Fill the page's elements with words: `data-say` becomes text, `data-label` a spoken label,
 * `data-alt` the text of a picture.
 *
 * @param {ParentNode} root - Where.
 */
export function fillWords(root = document) {
  for (const part of root.querySelectorAll("[data-say]")) part.textContent = say[part.dataset.say];
  for (const part of root.querySelectorAll("[data-label]")) {
    part.setAttribute("aria-label", say[part.dataset.label]);
  }
}

const paths = {
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  share: "M12 15V4M8 7.5 12 3.5l4 4M5 12v8h14v-8",
  download: "M12 4v11M8 11.5l4 4 4-4M5 20h14",
  why: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v.01M12 11.5V16",
  filter: "M4 7h16M7 12h10M10 17h4",
  more: "M4 8h9M19 8h1M16 5.5v5M4 16h1M11 16h9M8 13.5v5",
  close: "M6 6l12 12M18 6 6 18",
  again: "M5 12a7 7 0 1 1 2 5M5 18v-4h4",
  alert: "M12 4 3 20h18zM12 10v4M12 17v.01",
  freeze: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10-6.5z",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  flip: "M4 8h13l-3-3M20 16H7l3 3",
};

/**
 * Draw an icon; it says nothing to screen readers.
 *
 * @param {keyof typeof paths} name - Which.
 * @returns {SVGElement} 24 units square, in the color of the text.
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

/**
 * Put icons before the words of buttons and lines that ask for one by `data-icon`.
 *
 * @param {ParentNode} root - Where.
 */
export function fillIcons(root = document) {
  for (const part of root.querySelectorAll("[data-icon]")) part.prepend(icon(part.dataset.icon));
}
