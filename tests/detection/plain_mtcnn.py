"""MTCNN written as its paper tells it: one size after the other, one window after the other.

Only the weights, and the sizes at which the picture is scanned, are those of the real detector; the
networks are those of `plain_networks`. How the picture is resized and cut is handed in: by OpenCV,
as here, or as the real one does it.
"""

from __future__ import annotations

import cv2
import numpy as np

WINDOW, FRAME, GRAY = 12, 6, 128

#: Windows on a grid overlap by exactly the threshold now and then. Rounding would decide then
#: which of two neighbors goes on; with this much more, both stay.
TIE = 1e-4


def overlap(one, other, *, smaller=False):
    """Return the shared part of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    divisor = min(areas) if smaller else sum(areas) - shared
    return shared / divisor if divisor > 0 else 0.0


def suppressed(boxes, scores, threshold, *, smaller=False):
    """Return the rows that greedy suppression keeps, best first."""
    kept = []
    for row in sorted(range(len(boxes)), key=lambda row: -scores[row]):
        if all(overlap(boxes[row], boxes[k], smaller=smaller) <= threshold + TIE for k in kept):
            kept.append(row)
    return kept


def level_sizes(width, height, min_face, factor):
    """Return width and height of every size at which the picture is scanned."""
    smallest = max(min_face * max(width, height), 20)
    finest = min(WINDOW / smallest, 1.0)

    def even(number):
        return max(2 * round(number / 2), 2)

    w, h, scale, sizes = even(width * finest), even(height * finest), 1.0, []
    while not sizes or max(w, h) * scale >= WINDOW * factor:
        sizes.append((even(w * scale), even(h * scale)))
        scale *= factor
    return sizes


def resized(pixels, width, height):
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(pixels, (width, height), interpolation=way)


def run(session, picture):
    return [output[0] for output in session.run(picture.transpose(2, 0, 1)[None].astype("f4"))]


def moved(box, offset):
    sides = [box[2] - box[0], box[3] - box[1]]
    return [edge + part * side for edge, part, side in zip(box, offset, sides * 2, strict=True)]


def squared(box):
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = max(box[2] - box[0], box[3] - box[1]) / 2
    return [x - half, y - half, x + half, y + half]


def cut(pixels, box, size):
    """Cut whole pixels out of the picture, gray outside, and bring them to a size."""
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    margin = max(-x1, -y1, x2 - pixels.shape[1], y2 - pixels.shape[0], 0)
    padded = np.pad(pixels, ((margin,) * 2, (margin,) * 2, (0, 0)), constant_values=GRAY)
    part = padded[y1 + margin : y2 + margin, x1 + margin : x2 + margin]
    return resized(part, size, size)


def proposals(sessions, pixels, options, resized):
    height, width = pixels.shape[:2]
    boxes, scores = [], []
    for w, h in level_sizes(width, height, options.min_face, options.factor):
        small = resized(pixels, w, h)
        framed = np.pad(small, ((FRAME,) * 2, (FRAME,) * 2, (0, 0)), constant_values=GRAY)
        probability, offsets = run(sessions["pnet"], framed)
        probability = probability[0]
        found, values = [], []
        for i, j in np.argwhere(probability > options.thresholds[0]):
            x, y = 2 * j - FRAME, 2 * i - FRAME
            box = [x * width / w, y * height / h]
            box += [(x + WINDOW) * width / w, (y + WINDOW) * height / h]
            found.append((box, offsets[:, i, j]))
            values.append(probability[i, j])
        for row in suppressed([box for box, _ in found], values, 0.5):
            boxes.append(moved(*found[row]))
            scores.append(values[row])
    return [squared(boxes[row]) for row in suppressed(boxes, scores, 0.7)]


def detect(sessions, pixels, options, resized=resized, cut=cut):
    """Return boxes, landmarks and scores, best first."""
    boxes, scores = [], []
    for box in proposals(sessions, pixels, options, resized):
        probability, offset = run(sessions["rnet"], cut(pixels, box, 24))
        if probability[0] > options.thresholds[1]:
            boxes.append(moved(box, offset))
            scores.append(probability[0])
    boxes = [squared(boxes[row]) for row in suppressed(boxes, scores, 0.7)]

    faces = []
    for box in boxes:
        probability, offset, points = run(sessions["onet"], cut(pixels, box, 48))
        if probability[0] > options.thresholds[2]:
            side = box[2] - box[0]
            landmarks = np.stack([box[0] + side * points[:5], box[1] + side * points[5:]], axis=1)
            faces.append((moved(box, offset), landmarks, probability[0]))
    kept = suppressed([f[0] for f in faces], [f[2] for f in faces], 0.7, smaller=True)
    return [faces[row] for row in kept]
