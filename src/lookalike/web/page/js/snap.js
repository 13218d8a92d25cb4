/** Taking one photo with the camera of a computer. */

import { still, turnOff, turnOn } from "./camera.js";
import { dialog } from "./dialog.js";
import { el } from "./dom.js";
import { say } from "../strings/en.js";

/**
 * Let the visitor take a photo.
 *
 * @returns {Promise<Blob|null>} A photo; null if none was taken.
 * @throws {ServiceError} If there is no camera, or it is not allowed.
 */
export async function snap() {
  const stream = await turnOn();
  return new Promise((resolve) => {
    let photo = null;
    const video = el("video", { class: "snap-video", autoplay: true, playsinline: true });
    video.muted = true;
    video.srcObject = stream;
    const take = el("button", { class: "button primary", type: "button", text: say.snap });
    const onClose = () => {
      turnOff(stream);
      resolve(photo);
    };
    const box = dialog(
      say.snapTitle,
      { wide: true, onClose },
      video,
      el("div", { class: "actions middle" }, take),
    );
    take.addEventListener("click", async () => {
      photo = await still(video);
      if (photo) box.close();
    });
    take.focus();
  });
}
