/** Ways for photos to come in: dropped, chosen, pasted, taken. */

import { ServiceError } from "./api.js";
import { byId } from "./dom.js";
import { shrunk } from "./shrink.js";
import { snap } from "./snap.js";

/** Files without a type come from systems that do not know HEIC; the service decides. */
const maybePhoto = (file) => file.type === "" || file.type.startsWith("image/");

/**
 * Listen for photos on the whole page.
 *
 * @param {function(File[]): void} onPhotos - Told of photos; of none if what came were none.
 * @param {function(ServiceError): void} onFail - Told that the camera cannot be used.
 */
export function takeIn(onPhotos, onFail) {
  const bring = (files) => {
    if (files.length) onPhotos([...files].filter(maybePhoto));
  };
  for (const id of ["files", "snapshot"]) {
    const input = byId(id);
    input.addEventListener("change", () => {
      bring([...input.files]);
      // The same file can be chosen again.
      input.value = "";
    });
  }
  byId("choose").addEventListener("click", () => byId("files").click());
  byId("take").addEventListener("click", () => take(bring, onFail));
  window.addEventListener("paste", (event) => bring(event.clipboardData.files));
  listenForDrops(bring);
}

async function take(bring, onFail) {
  // Phones have a better camera program than a page can be.
  if (matchMedia("(pointer: coarse)").matches) {
    byId("snapshot").click();
    return;
  }
  try {
    const photo = await snap();
    if (photo) bring([photo]);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    onFail(error);
  }
}

function listenForDrops(bring) {
  const veil = byId("veil");
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  window.addEventListener("dragenter", (event) => {
    if (!brings(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  window.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  window.addEventListener("dragover", (event) => brings(event) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    bring(event.dataTransfer.files);
  });
}

/**
 * Make photos ready to be sent: those that are larger than the service takes are made smaller.
 *
 * @param {File[]} files - Photos.
 * @param {{max_bytes: number, max_pixels: number}} limits - What the service takes.
 * @returns {Promise<Blob[]>} Photos.
 * @throws {ServiceError} If one is too large and this browser cannot make it smaller.
 */
export function prepared(files, limits) {
  return Promise.all(
    files.map((file) => (file.size > limits.max_bytes ? shrunk(file) : Promise.resolve(file))),
  );
}
