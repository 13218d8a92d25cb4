/** The card to share: seen first, then downloaded or handed to the phone. */

import { dialog } from "./dialog.js";
import { el, icon } from "./dom.js";
import { errorWords } from "../strings/errors.js";
import { portraitPath } from "./portrait.js";
import { post, ServiceError } from "./api.js";
import { say } from "../strings/en.js";

const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

/**
 * Open a dialog with the card of a likeness.
 *
 * @param {object} request - What to ask: photo, face, person and the options of find.
 * @param {{id: string, name: string}} match - With whom.
 * @param {boolean} explains - Whether the service can say on it what is alike.
 */
export function shareCard(request, match, explains) {
  const chosen = { size: "portrait", theme: isDark() ? "dark" : "light", explain: false };
  const view = el("div", { class: "card-view", "aria-live": "polite" });
  const save = el(
    "a",
    { class: "button primary", role: "button", "aria-disabled": "true" },
    icon("download"),
    el("span", { text: say.download }),
  );
  const send = el(
    "button",
    { class: "button", type: "button", hidden: true },
    icon("share"),
    el("span", { text: say.send }),
  );
  const address = { now: "" };
  const draw = async () => {
    view.classList.add("drawing");
    if (!view.hasChildNodes())
      view.append(
        el(
          "p",
          { class: "status" },
          el("span", { class: "spinner" }),
          el("span", { text: say.shareBusy }),
        ),
      );
    try {
      const asked = { ...chosen };
      const card = await drawnCard({ ...request, ...asked }, match);
      if (Object.keys(asked).some((name) => asked[name] !== chosen[name])) return;
      URL.revokeObjectURL(address.now);
      address.now = URL.createObjectURL(card.file);
      view.replaceChildren(
        el("img", { class: `card-${asked.size}`, src: address.now, alt: card.alt }),
      );
      save.href = address.now;
      save.download = card.file.name;
      save.removeAttribute("aria-disabled");
      offer(send, card, match);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { title, hint } = errorWords(error.kind, null, error.message);
      view.replaceChildren(el("p", { role: "alert", text: `${title}. ${hint}` }));
    } finally {
      view.classList.remove("drawing");
    }
  };
  dialog(
    say.shareTitle,
    { wide: true, onClose: () => URL.revokeObjectURL(address.now) },
    view,
    el(
      "div",
      { class: "share-choices" },
      choice("size", say.shareShape, { portrait: say.portrait, wide: say.wide }, chosen, draw),
      choice("theme", say.shareTheme, { light: say.light, dark: say.dark }, chosen, draw),
      explains && portraitPath(match) ? withReason(chosen, draw) : "",
    ),
    el("div", { class: "actions" }, save, send),
  );
  draw();
}

async function drawnCard(request, match) {
  const response = await post("card", request);
  const words = response.headers.get("Lookalike-Alt");
  const file = new File([await response.blob()], say.cardFile(match.id), { type: "image/png" });
  return { file, alt: words ? decodeURIComponent(words) : say.cardText(match.name) };
}

/** Phones, and some computers, can hand a picture to other programs. */
function offer(send, card, match) {
  const shared = { files: [card.file], text: say.cardText(match.name) };
  send.hidden = !navigator.canShare?.(shared);
  send.onclick = () =>
    navigator.share(shared).catch((error) => {
      // Who changes their mind has done nothing wrong.
      if (error.name !== "AbortError") throw error;
    });
}

function withReason(chosen, onChange) {
  const told = ({ target }) => {
    chosen.explain = target.checked;
    onChange();
  };
  return el(
    "label",
    { class: "check" },
    el("input", { type: "checkbox", onchange: told }),
    el("span", { text: say.shareWhy }),
  );
}

function choice(name, legend, values, chosen, onChange) {
  const radios = Object.entries(values).map(([value, words]) =>
    el(
      "label",
      { class: "pill" },
      el("input", {
        type: "radio",
        name: `card-${name}`,
        value,
        checked: chosen[name] === value,
        onchange: () => {
          chosen[name] = value;
          onChange();
        },
      }),
      el("span", { text: words }),
    ),
  );
  return el(
    "fieldset",
    { class: "pills" },
    el("legend", { class: "unseen", text: legend }),
    ...radios,
  );
}
