/** Making a photo smaller before it is sent. */

import { ServiceError } from "./api.js";

/** More does not make faces any clearer to the networks. */
const SIDE_PX = 3000;
const QUALITY = 0.92;

/**
 * Make a photo smaller, upright, as JPEG.
 *
 * @param {Blob} file - A photo.
 * @returns {Promise<Blob>} A photo of at most 3,000 pixels a side.
 * @throws {ServiceError} If this browser cannot read it.
 */
export async function shrunk(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new ServiceError("ImageTooLarge");
  }
  const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new ServiceError("ImageTooLarge"))),
      "image/jpeg",
      QUALITY,
    );
  });
}
