/** The first words with the service: what it is, and whether it wants a token. */

import { get, token } from "./api.js";
import { dialog } from "./dialog.js";
import { el } from "./dom.js";
import { say } from "../strings/en.js";

/**
 * Ask the service what it is; ask the visitor for a token if it needs one.
 *
 * @returns {Promise<object>} What the service says of itself.
 * @throws {ServiceError} If it does not answer.
 */
export async function open() {
  const service = await get("service");
  let wrong = false;
  while (service.needs_token && !(await tokenOpens())) {
    if (token.get()) wrong = true;
    token.set(await askToken(wrong));
  }
  return service;
}

async function tokenOpens() {
  if (!token.get()) return false;
  try {
    await get("galleries");
    return true;
  } catch (error) {
    if (error.kind === "TokenWrong") return false;
    throw error;
  }
}

function askToken(wrong) {
  return new Promise((resolve) => {
    const input = el("input", {
      id: "token",
      type: "password",
      autocomplete: "current-password",
      required: true,
      "aria-describedby": "token-hint",
      "aria-invalid": wrong,
    });
    const go = () => {
      if (!input.value.trim()) return input.focus();
      box.close();
      return resolve(input.value.trim());
    };
    input.addEventListener("keydown", (event) => event.key === "Enter" && go());
    const box = dialog(
      say.tokenTitle,
      { lasting: true },
      el("p", { id: "token-hint", class: "quiet", text: wrong ? say.tokenWrong : say.tokenHint }),
      el("label", { class: "field", for: "token" }, el("span", { text: say.token }), input),
      el(
        "div",
        { class: "actions" },
        el("button", { class: "button primary", type: "button", text: say.go, onclick: go }),
      ),
    );
    input.focus();
  });
}
