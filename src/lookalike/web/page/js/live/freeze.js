/** A frozen picture: the camera's full size, looked at once more, with a card to save. */

import { dialog } from "../dialog.js";
import { el } from "../dom.js";
import { errorWords } from "../../strings/errors.js";
import { Likeness } from "../likeness.js";
import { post, ServiceError } from "../api.js";
import { say } from "../../strings/en.js";
import { Stage } from "../stage.js";

const PEOPLE = "6";

/**
 * Show a still: every face boxed and to be chosen, with its look-alike and the card.
 *
 * @param {Blob} photo - The still, not mirrored.
 * @param {object} service - What the service says of itself.
 * @param {object} asked - How the live socket ranks.
 * @param {function(): void} onClose - Told that the camera goes on.
 */
export function freeze(photo, service, asked, onClose) {
  const now = { service, files: [photo] };
  const place = el("div", { class: "frozen-stage" });
  const told = el("div", { class: "frozen-answer" });
  dialog(say.frozenTitle, { wide: true, onClose }, el("div", { class: "frozen" }, place, told));
  let answer = null;
  const stage = new Stage(place, {
    onChoice: (choice) => {
      const face = answer.photos[0].faces[choice.face];
      const match = face.matches[0];
      told.replaceChildren(
        match
          ? new Likeness(now, { answer, face, match, asked: choice }).element
          : el("p", { text: say.nobody }),
      );
    },
  });
  stage.open(now.files);
  told.append(el("p", { class: "status", role: "status", text: say.looking }));
  const { gallery = "", metric = "euclidean", rank = "nearest", where = "" } = asked;
  const fields = { k: PEOPLE, gallery, metric, rank, where };
  post("find", { photo, portraits: true, ...fields })
    .then((response) => response.json())
    .then((found) => {
      answer = { ...found, asked: fields };
      if (!found.photos[0].faces.length) throw new ServiceError("NoFace");
      stage.show(answer);
    })
    .catch((error) => {
      if (!(error instanceof ServiceError)) throw error;
      stage.settle();
      const { title, hint } = errorWords(error.kind, service.limits, error.message);
      told.replaceChildren(el("p", { role: "alert", text: `${title}. ${hint}` }));
    });
}
