/** The visitor's photos, with a box around every face; faces and photos are chosen here. */

import { el, icon } from "./dom.js";
import { errorWords } from "../strings/errors.js";
import { say } from "../strings/en.js";
import { visitorIn } from "./together.js";

/** What is chosen when all photos are answered as one. */
export const TOGETHER = -1;

/** A photo, its boxes, and what else can be chosen. */
export class Stage {
  /**
   * @param {HTMLElement} root - Where.
   * @param {{onChoice: function({photo: number, face: number, together: boolean}): void, onAnother?: function(): void}}
   *   ways - Told what was chosen, and that another photo is wanted, where there can be one.
   */
  constructor(root, { onChoice, onAnother = null }) {
    this.root = root;
    this.onChoice = onChoice;
    this.picture = el("img", { class: "stage-picture", alt: "" });
    this.boxes = el("div", { class: "boxes" });
    this.frame = el("div", { class: "stage-frame" }, this.picture, this.boxes);
    this.note = el("p", { class: "quiet" });
    this.strip = el("div", { class: "strip" });
    const another =
      onAnother &&
      el(
        "button",
        { class: "button small", type: "button", onclick: onAnother },
        icon("photo"),
        el("span", { text: say.another }),
      );
    root.append(...[this.frame, this.note, this.strip, another].filter(Boolean));
    this.picture.addEventListener("error", () => {
      this.frame.classList.add("hidden-photo");
      if (this.answer) this.note.textContent = say.photoHidden;
    });
    this.addresses = [];
  }

  /**
   * Show new photos, of which nothing is known yet.
   *
   * @param {Blob[]} files - Photos of one person.
   */
  open(files) {
    this.addresses.forEach((address) => URL.revokeObjectURL(address));
    this.addresses = files.map((file) => URL.createObjectURL(file));
    this.answer = null;
    this.frame.querySelector(".stand-in")?.remove();
    this.frame.style.aspectRatio = "";
    this.boxes.replaceChildren();
    this.strip.replaceChildren();
    this.note.textContent = "";
    this.frame.classList.add("scanning");
    this.#turnTo(0);
  }

  /** Stop looking busy. */
  settle() {
    this.frame.classList.remove("scanning");
  }

  /**
   * Show what was found; keep what was chosen, if it is still there.
   *
   * @param {object} answer - The service's answer to find.
   */
  show(answer) {
    const before = this.answer && this.choice;
    this.answer = answer;
    this.settle();
    this.#showStrip();
    const first = answer.photos.findIndex((photo) => photo.faces.length);
    const start = answer.together ? { photo: TOGETHER, face: 0 } : { photo: first, face: 0 };
    const still = before && (before.photo !== TOGETHER || answer.together);
    this.#choose(still ? before : start);
  }

  #turnTo(index) {
    this.frame.classList.remove("hidden-photo");
    this.picture.src = this.addresses[index];
    this.picture.alt = say.photo;
  }

  #choose(choice) {
    this.choice = choice;
    const together = choice.photo === TOGETHER;
    const shown = together ? visitorIn(this.answer) : choice;
    this.#turnTo(shown.photo);
    this.#showBoxes(shown, together);
    for (const input of this.strip.querySelectorAll("input")) {
      input.checked = Number(input.value) === choice.photo;
    }
    this.onChoice({ ...shown, together });
  }

  #showBoxes(shown, together) {
    const { width, height, faces } = this.answer.photos[shown.photo];
    this.frame.style.aspectRatio = `${width} / ${height}`;
    this.frame.style.setProperty("--shape", String(width / height));
    this.picture.alt = say.photoAlt(faces.length);
    const single = faces.length === 1 || together;
    this.note.textContent = single ? this.#hiddenWords() : say.faces(faces.length);
    const made = faces.map((face, number) => {
      const chosen = number === shown.face;
      const box = single
        ? el("span", { class: "face", hidden: !chosen })
        : this.#radio(say.face(number + 1, faces.length), "face", chosen, () =>
            this.#pick({ photo: shown.photo, face: number }),
          );
      place(box, face.box, width, height);
      return box;
    });
    const group = {
      role: single ? null : "radiogroup",
      "aria-label": single ? null : say.faces(faces.length),
    };
    this.boxes.replaceChildren(el("div", group, ...made));
    this.#showHiddenFaces(faces[shown.face]);
  }

  #hiddenWords() {
    return this.frame.classList.contains("hidden-photo") ? say.photoHidden : "";
  }

  /** Where the browser cannot show the photo, the cut-out face stands for it. */
  #showHiddenFaces({ portrait }) {
    this.frame.querySelector(".stand-in")?.remove();
    if (portrait) {
      this.frame.append(el("img", { class: "stand-in", src: portrait, alt: say.yourFace }));
    }
  }

  #pick(choice) {
    this.choice = choice;
    this.#showHiddenFaces(this.answer.photos[choice.photo].faces[choice.face]);
    this.onChoice({ ...choice, together: false });
  }

  #radio(label, kind, checked, onchange) {
    const input = el("input", {
      type: "radio",
      name: `stage-${kind}`,
      class: "unseen",
      checked,
      onchange,
    });
    return el("label", { class: kind }, input, el("span", { class: "unseen", text: label }));
  }

  #showStrip() {
    const { photos, together } = this.answer;
    if (photos.length < 2) {
      this.strip.replaceChildren();
      return;
    }
    const thumbs = photos.map((photo, index) => {
      const thumb = this.#radio(say.photoNumber(index + 1, photos.length), "thumb", false, () =>
        this.#choose({ photo: index, face: 0 }),
      );
      const input = thumb.querySelector("input");
      input.value = String(index);
      input.disabled = !photo.faces.length;
      thumb.append(el("img", { src: this.addresses[index], alt: "" }));
      const wrong = photo.error?.kind ?? (photo.faces.length ? null : "NoFace");
      if (wrong) thumb.append(el("span", { class: "thumb-wrong", text: errorWords(wrong).title }));
      return thumb;
    });
    if (together) {
      const all = this.#radio(say.everyPhoto, "thumb", false, () =>
        this.#choose({ photo: TOGETHER, face: 0 }),
      );
      all.querySelector("input").value = String(TOGETHER);
      all.append(el("span", { class: "thumb-all", "aria-hidden": "true", text: say.everyPhoto }));
      thumbs.unshift(all);
    }
    this.strip.replaceChildren(
      el("div", { role: "radiogroup", "aria-label": say.photos, class: "thumbs" }, ...thumbs),
    );
  }
}

/** Lay an element over a box of the photo, in hundredths of its size. */
function place(element, [x1, y1, x2, y2], width, height) {
  element.style.left = `${(100 * x1) / width}%`;
  element.style.top = `${(100 * y1) / height}%`;
  element.style.width = `${(100 * (x2 - x1)) / width}%`;
  element.style.height = `${(100 * (y2 - y1)) / height}%`;
}
