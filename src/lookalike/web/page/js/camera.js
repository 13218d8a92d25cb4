/** The camera of this device. */

import { ServiceError } from "./api.js";

const kinds = {
  NotAllowedError: "cameraDenied",
  SecurityError: "cameraDenied",
  NotFoundError: "cameraMissing",
  OverconstrainedError: "cameraMissing",
  NotReadableError: "cameraTaken",
  AbortError: "cameraTaken",
};

/**
 * Turn the camera on.
 *
 * @param {string} device - Which; the one that looks at the visitor if empty.
 * @returns {Promise<MediaStream>} Pictures, no sound.
 * @throws {ServiceError} If the visitor or the device does not allow it.
 */
export async function turnOn(device = "") {
  if (!navigator.mediaDevices?.getUserMedia) throw new ServiceError("cameraUnsafe");
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const which = device ? { deviceId: { exact: device } } : { facingMode: "user" };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { ...size, ...which },
    });
  } catch (error) {
    throw new ServiceError(kinds[error.name] ?? "cameraMissing", error.message);
  }
}

/**
 * Turn the camera off.
 *
 * @param {MediaStream|null} stream - Its pictures.
 */
export const turnOff = (stream) => stream?.getTracks().forEach((track) => track.stop());

/**
 * List the cameras; their names are known once one has been turned on.
 *
 * @returns {Promise<MediaDeviceInfo[]>} Cameras.
 */
export const cameras = async () =>
  (await navigator.mediaDevices.enumerateDevices()).filter(
    (device) => device.kind === "videoinput",
  );

/**
 * Say whether pictures should be shown as in a mirror: people expect it unless the camera looks away.
 *
 * @param {MediaStream} stream - Its pictures.
 * @returns {boolean} Whether to mirror them.
 */
export const isMirror = (stream) =>
  stream.getVideoTracks()[0]?.getSettings().facingMode !== "environment";

/**
 * Take a still from a video.
 *
 * @param {HTMLVideoElement} video - What is playing.
 * @param {{side?: number, quality?: number, canvas?: HTMLCanvasElement}} how - The longest side in
 *   pixels, the JPEG's quality, and a canvas to use again.
 * @returns {Promise<Blob|null>} A JPEG, not mirrored; null if nothing plays.
 */
export function still(video, { side = 1920, quality = 0.92, canvas } = {}) {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) return Promise.resolve(null);
  const scale = Math.min(1, side / Math.max(width, height));
  const sheet = canvas ?? document.createElement("canvas");
  sheet.width = Math.round(width * scale);
  sheet.height = Math.round(height * scale);
  sheet.getContext("2d", { alpha: false }).drawImage(video, 0, 0, sheet.width, sheet.height);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/jpeg", quality));
}
