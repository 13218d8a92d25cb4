/** Who stands in for a portrait that there is none of: initials on a tinted disc. */

import { el } from "./dom.js";

/** As many as the figures have; their colors are in tokens.css. */
const TINTS = 6;
const SUFFIXES = new Set(["jr", "sr", "ii", "iii", "iv", "vi", "vii", "viii", "phd", "md", "esq"]);

const cased = (letter) => /\p{Nd}/u.test(letter) || letter.toLowerCase() !== letter.toUpperCase();
const lowered = (letter) => letter !== letter.toUpperCase() && letter === letter.toLowerCase();

/**
 * Return one or two letters that stand for a name, as the figures write them.
 *
 * @param {string} name - As people write it.
 * @returns {string} Initials; the first character in scripts without capitals.
 */
export function initials(name) {
  const words = name
    .normalize("NFKC")
    .split(/[\s_]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""))
    .filter(Boolean);
  if (!words.length) return "";
  const letters = (word) => [...word];
  const first = letters(words[0]);
  if (!cased(first[0])) return words[0].match(/^.\p{M}*/u)[0];
  const rest = words.slice(1);
  const proper = rest.filter((word) => !lowered(letters(word)[0]));
  const last = (proper.length ? proper : rest)
    .reverse()
    .find((word) => !SUFFIXES.has(word.toLowerCase()) && cased(letters(word)[0]));
  return first[0].toUpperCase() + (last ? letters(last)[0].toUpperCase() : "");
}

/**
 * Return the number of a person's tint, the same as in the figures where the browser can hash.
 *
 * @param {string} id - The person's stable id.
 * @returns {Promise<number>} 0 to 5.
 */
export async function tintOf(id) {
  const bytes = new TextEncoder().encode(id);
  // Browsers hash only on safe addresses; elsewhere any steady choice will do.
  if (!crypto.subtle) return bytes.reduce((sum, byte) => sum + byte, 0) % TINTS;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest[0] % TINTS;
}

/**
 * Make a monogram.
 *
 * @param {{id: string, name: string}} person - Whose.
 * @returns {HTMLElement} Fills its place; says nothing to screen readers, the name stands beside.
 */
export function monogram(person) {
  const made = el(
    "span",
    { class: "monogram", "aria-hidden": "true" },
    el("span", { class: "monogram-disc", text: initials(person.name) || "·" }),
  );
  tintOf(person.id).then((tint) => made.classList.add(`tint-${tint}`));
  return made;
}
