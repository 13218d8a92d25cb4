/** Several photos of one person, answered as one. */

import { post, ServiceError } from "./api.js";

/**
 * Ask whom one visitor resembles by several photos.
 *
 * @param {object} fields - Of the request, as find takes them.
 * @param {{signal?: AbortSignal}} options - What ends it.
 * @returns {Promise<object|null>} The service's answer; null if the photos have none together: what
 *   is wrong with each is told by find.
 */
export async function together(fields, options) {
  try {
    return await (await post("together", fields, options)).json();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return null;
  }
}

/**
 * Say which photo and which of its faces stand for the visitor: the first that was used.
 *
 * @param {object} answer - The service's answer to find, with the one about all photos `together`.
 * @returns {{photo: number, face: number}} As find counts them.
 */
export function visitorIn({ photos, together: all }) {
  const used = all.photos.findIndex((photo) => photo.face);
  const photo = used < 0 ? photos.findIndex((one) => one.faces.length) : used;
  const same = (face) => face.box.join() === all.photos[photo]?.face?.box.join();
  return { photo, face: Math.max(0, photos[photo].faces.findIndex(same)) };
}
