/** One field for each thing that a gallery knows of its people. */

import { el } from "./dom.js";
import { say } from "../strings/en.js";

/** More words than this are no choice any more. */
const MOST_WORDS = 60;

/**
 * Return the name of an attribute as people say it.
 *
 * @param {string} name - As the gallery has it.
 * @returns {string} In words.
 */
export function attributeWords(name) {
  const known = say.attributes[name];
  if (known) return known;
  const spaced = name.replaceAll(/[_-]+/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/**
 * Say what is chosen.
 *
 * @param {string} name - The attribute.
 * @param {object} value - As `where` takes it.
 * @returns {string} In a few words.
 */
export function filterWords(name, value) {
  const words = attributeWords(name);
  if (typeof value.is === "string") return `${words}: ${value.is}`;
  if (typeof value.yes === "boolean") return `${words}: ${value.yes ? say.yes : say.no}`;
  return `${words}: ${value.from ?? ""}–${value.to ?? ""}`;
}

/**
 * Make the field for an attribute.
 *
 * @param {object} attribute - As the service describes it.
 * @param {object|undefined} chosen - What is chosen now.
 * @param {function(object|null): void} onChange - Told what is chosen; null is anything.
 * @returns {HTMLElement|null} Null if there is nothing to choose.
 */
export function filterField(attribute, chosen, onChange) {
  const label = attributeWords(attribute.name);
  if (attribute.kind === "number" || attribute.kind === "date") {
    return attribute.low < attribute.high ? between(label, attribute, chosen, onChange) : null;
  }
  const yesNo = attribute.kind === "yes-no";
  const values = Object.entries(attribute.values).slice(0, MOST_WORDS);
  if (values.length < 2) return null;
  const options = values.map(([value, count]) => {
    const words = yesNo ? (value === "true" ? say.yes : say.no) : value;
    const selected = yesNo ? String(chosen?.yes) === value : chosen?.is === value;
    return el("option", { value, selected, text: `${words} (${count})` });
  });
  const tell = ({ target }) => {
    if (target.value === "") onChange(null);
    else onChange(yesNo ? { yes: target.value === "true" } : { is: target.value });
  };
  return el(
    "label",
    { class: "field" },
    el("span", { text: label }),
    el("select", { onchange: tell }, el("option", { value: "", text: say.any }), ...options),
  );
}

function between(label, { low, high }, chosen, onChange) {
  const bounds = { from: chosen?.from ?? null, to: chosen?.to ?? null };
  const input = (side, hint, spoken) =>
    el("input", {
      type: "number",
      min: Math.floor(low),
      max: Math.ceil(high),
      step: "any",
      placeholder: hint,
      value: bounds[side],
      "aria-label": spoken,
      inputmode: "numeric",
      onchange: ({ target }) => {
        bounds[side] = target.value === "" ? null : Number(target.value);
        onChange(bounds.from === null && bounds.to === null ? null : { ...bounds });
      },
    });
  return el(
    "fieldset",
    { class: "field" },
    el("legend", { text: label }),
    el(
      "span",
      { class: "between" },
      input("from", Math.floor(low), say.fromOf(label)),
      "–",
      input("to", Math.ceil(high), say.toOf(label)),
    ),
  );
}
