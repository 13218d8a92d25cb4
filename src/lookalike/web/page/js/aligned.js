/** The visitor's face, turned and sized so that its eyes lie on those of a look-alike's portrait. */

/**
 * Say how to turn, size and shift a picture so that two points fall on two others.
 *
 * @param {number[][]} from - Two points, x y.
 * @param {number[][]} to - Where they shall be.
 * @returns {number[]} a b c d e f, as a canvas takes them.
 */
export function onto([[x1, y1], [x2, y2]], [[u1, v1], [u2, v2]]) {
  const [dx, dy, du, dv] = [x2 - x1, y2 - y1, u2 - u1, v2 - v1];
  const length = dx * dx + dy * dy;
  const a = (du * dx + dv * dy) / length;
  const b = (dv * dx - du * dy) / length;
  return [a, b, -b, a, u1 - a * x1 + b * y1, v1 - b * x1 - a * y1];
}

/**
 * Draw the visitor's face.
 *
 * @param {{file: Blob, width: number, landmarks: number[][]}} visitor - The photo, the width that
 *   the service saw, and the face's landmarks in its pixels: the eyes come first.
 * @param {number[]} eyes - Where they shall be: x y of left and right, in parts of the side.
 * @param {number} side - Of the picture, in pixels.
 * @returns {Promise<HTMLCanvasElement>} The face.
 * @throws {DOMException} If this browser cannot read the photo.
 */
export async function aligned({ file, width, landmarks }, eyes, side) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = bitmap.width / width;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const sheet = canvas.getContext("2d");
  const from = landmarks.slice(0, 2).map((point) => point.map((at) => at * scale));
  const to = [
    [eyes[0] * side, eyes[1] * side],
    [eyes[2] * side, eyes[3] * side],
  ];
  sheet.imageSmoothingQuality = "high";
  sheet.setTransform(...onto(from, to));
  sheet.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}
