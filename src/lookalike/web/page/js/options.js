/** Whom to compare with, and how: filters, and what stands under "more". */

import { el, icon } from "./dom.js";
import { filterField, filterWords } from "./filters.js";
import { get } from "./api.js";
import { say } from "../strings/en.js";
import { where } from "./where.js";

/** One large, and as many cards as fill their rows. */
const PEOPLE = 6;
const PAUSE_MS = 350;

/** The row above the results. */
export class Options {
  /**
   * @param {HTMLElement} root - Where.
   * @param {function(): void} onChange - Told that something else is wanted.
   * @param {function(ServiceError): void} onFail - Told that a gallery cannot be asked.
   */
  constructor(root, onChange, onFail) {
    this.root = root;
    this.onChange = onChange;
    this.onFail = onFail;
    this.chosen = new Map();
    this.more = {
      k: PEOPLE,
      metric: "euclidean",
      rank: "nearest",
      gallery: "",
      everyone: false,
      fair: false,
    };
  }

  /**
   * Learn what the service offers.
   *
   * @param {object} service - What it says of itself.
   * @returns {Promise<object>} The default gallery, described.
   * @throws {ServiceError} If it does not answer.
   */
  async open(service) {
    this.service = service;
    this.galleries = (await get("galleries")).galleries;
    return this.#describe(service.gallery);
  }

  async #describe(name) {
    this.gallery = await get(`galleries/${encodeURIComponent(name)}`);
    this.more.gallery = name;
    this.chosen.clear();
    this.#draw();
    return this.gallery;
  }

  /** The fields of a request to find. */
  fields() {
    return { ...this.more, k: String(this.more.k), where: where(this.chosen) };
  }

  /** Show the row, as soon as there is an answer that it can change. */
  show() {
    this.root.hidden = false;
  }

  /** Hide it: there is nothing to change. */
  hide() {
    this.root.hidden = true;
  }

  #changed() {
    this.#drawChips();
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onChange, PAUSE_MS);
  }

  #draw() {
    const filters = this.#panel("filters", "filter", this.#filterFields());
    const more = this.#panel("more", "more", this.#moreFields());
    this.chips = el("ul", { class: "chips" });
    const bar = el(
      "div",
      { class: "options-bar" },
      filters?.button ?? null,
      more.button,
      this.chips,
    );
    this.root.replaceChildren(bar, ...(filters ? [filters.panel] : []), more.panel);
    this.panels = [filters, more].filter(Boolean);
    this.#drawChips();
  }

  #panel(name, picture, fields) {
    if (!fields.length) return null;
    const panel = el("div", { class: "panel", id: `panel-${name}`, hidden: true }, ...fields);
    const button = el(
      "button",
      {
        class: "button small",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": panel.id,
      },
      icon(picture),
      el("span", { text: say[name] }),
    );
    button.addEventListener("click", () => {
      const open = panel.hidden;
      for (const one of this.panels) {
        one.panel.hidden = one.panel !== panel || !open;
        one.button.setAttribute("aria-expanded", String(!one.panel.hidden));
      }
    });
    return { button, panel };
  }

  #filterFields() {
    return this.gallery.attributes
      .map((attribute) =>
        filterField(attribute, this.chosen.get(attribute.name), (value) => {
          if (value) this.chosen.set(attribute.name, value);
          else this.chosen.delete(attribute.name);
          this.#changed();
        }),
      )
      .filter(Boolean);
  }

  #moreFields() {
    const set = (name) => (value) => {
      this.more[name] = value;
      this.#changed();
    };
    const named = (values, words) =>
      Object.fromEntries(values.map((value) => [value, words[value] ?? value]));
    const galleries = Object.fromEntries(
      this.galleries.map((one) => [one.name, one.title || one.name]),
    );
    const knowsFame = this.gallery.attributes.some((one) => one.name === "well_known");
    const counts = [3, 6, 12, 24].filter((count) => count <= this.service.limits.max_people);
    return [
      this.galleries.length > 1 &&
        select(say.gallery, galleries, this.more.gallery, async (name) => {
          try {
            await this.#describe(name);
          } catch (error) {
            this.onFail(error);
            return;
          }
          this.onChange();
        }),
      select(say.metric, named(this.service.metrics, say.metrics), this.more.metric, set("metric")),
      select(say.rank, named(this.service.ranks, say.ranks), this.more.rank, set("rank")),
      select(say.howMany, named(counts.map(String), {}), String(this.more.k), set("k")),
      knowsFame && check(say.everyone, this.more.everyone, set("everyone")),
      check(say.fair, this.more.fair, set("fair")),
    ].filter(Boolean);
  }

  #drawChips() {
    const chips = [...this.chosen].map(([name, value]) => {
      const words = filterWords(name, value);
      const remove = () => {
        this.chosen.delete(name);
        this.#draw();
        this.#changed();
        this.root.querySelector("button").focus();
      };
      return el(
        "li",
        {},
        el(
          "button",
          { class: "chip", type: "button", "aria-label": say.remove(words), onclick: remove },
          el("span", { text: words }),
          icon("close"),
        ),
      );
    });
    this.chips.replaceChildren(...chips);
  }
}

function select(label, values, chosen, onChange) {
  const choices = Object.entries(values).map(([value, words]) =>
    el("option", { value, text: words, selected: value === chosen }),
  );
  return el(
    "label",
    { class: "field" },
    el("span", { text: label }),
    el("select", { onchange: (event) => onChange(event.target.value) }, ...choices),
  );
}

function check(label, checked, onChange) {
  return el(
    "label",
    { class: "check" },
    el("input", { type: "checkbox", checked, onchange: (event) => onChange(event.target.checked) }),
    el("span", { text: label }),
  );
}
