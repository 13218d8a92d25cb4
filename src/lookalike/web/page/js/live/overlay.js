/** Boxes and names over the video: they follow faces smoothly, between the answers, too. */

import { el } from "../dom.js";
import { portrait, portraitPath } from "../portrait.js";
import { rarityWords } from "../rarity.js";
import { say } from "../../strings/en.js";

/** How soon a box has gone most of the way to its face. */
const GLIDE_MS = 90;
/** A face that is missed for a moment keeps its box. */
const LINGER_MS = 500;
const GAP_PX = 14;
/** How far a box may run ahead of the answer: the film goes on while a frame is looked at. */
const AHEAD_MS = 300;

/** Draws what is followed. */
export class Overlay {
  /**
   * @param {HTMLElement} root - Lies over the video.
   * @param {HTMLVideoElement} video - Fills its place, cut off where it is larger.
   */
  constructor(root, video) {
    this.root = root;
    this.video = video;
    this.tracks = new Map();
    this.mirrored = true;
    this.last = 0;
  }

  /**
   * Take a new answer.
   *
   * @param {{width: number, height: number, faces: object[], sent: number}} answer - The service's,
   *   and when its frame was sent.
   */
  show(answer) {
    this.size = { width: answer.width, height: answer.height };
    const now = performance.now();
    for (const face of answer.faces) {
      const track = this.tracks.get(face.track) ?? this.#add(face.track);
      track.speed = speed(track, face.box, answer.sent);
      track.box = face.box;
      track.sent = answer.sent;
      track.seen = now;
      track.label.show(face.matches[0] ?? null);
    }
    if (!this.running) {
      this.running = true;
      this.last = now;
      requestAnimationFrame((time) => this.#draw(time));
    }
  }

  /** Take everything away. */
  clear() {
    for (const track of this.tracks.values()) track.element.remove();
    this.tracks.clear();
  }

  #add(number) {
    const label = new Label();
    const box = el("div", { class: "live-box" });
    const element = el("div", { class: "live-face" }, box, label.element);
    this.root.append(element);
    const track = { element, box: null, boxElement: box, label, at: null, side: "", speed: [0, 0] };
    this.tracks.set(number, track);
    return track;
  }

  #draw(time) {
    const now = performance.now();
    const reached = 1 - Math.exp(-Math.max(0, time - this.last) / GLIDE_MS);
    this.last = time;
    const room = { width: this.root.clientWidth, height: this.root.clientHeight };
    for (const [number, track] of this.tracks) {
      if (now - track.seen > LINGER_MS) {
        track.element.remove();
        this.tracks.delete(number);
        continue;
      }
      const goal = onScreen(ahead(track, now), this.size, room, this.mirrored);
      track.at = track.at
        ? track.at.map((from, side) => from + (goal[side] - from) * reached)
        : goal;
      place(track, room);
    }
    this.running = this.tracks.size > 0;
    if (this.running) requestAnimationFrame((next) => this.#draw(next));
  }
}

/** Pixels of the frame in a millisecond, of the box's middle, calmed by half of what it was. */
function speed({ box, sent, speed: before }, next, time) {
  if (!box || time <= sent) return before;
  return [0, 1].map((axis) => {
    const moved = (next[axis] + next[axis + 2] - box[axis] - box[axis + 2]) / 2;
    return (before[axis] + moved / (time - sent)) / 2;
  });
}

/** Where the box is by now, if the face has gone on as it went. */
function ahead({ box, sent, speed: [x, y] }, now) {
  const passed = Math.min(now - sent, AHEAD_MS);
  return [box[0] + x * passed, box[1] + y * passed, box[2] + x * passed, box[3] + y * passed];
}

/** The name beside one face; it changes by fading, and only when somebody else is named. */
class Label {
  constructor() {
    this.id = "";
    this.element = el(
      "div",
      { class: "live-label" },
      el("span", { class: "live-name", text: say.lookingAtYou }),
    );
  }

  show(match) {
    if (!match || match.id === this.id) return;
    this.id = match.id;
    this.element.dataset.person = match.id;
    const face = portraitPath(match) ? portrait(match, "", 216) : null;
    const words = el(
      "span",
      { class: "live-words" },
      el("span", { class: "live-name", text: match.name }),
      match.rarity && el("span", { class: "live-rarity", text: rarityWords(match) }),
    );
    this.element.replaceChildren(...[face, words].filter(Boolean));
    this.element.classList.remove("fresh");
    // Reading the size lets the browser see the class go and come.
    void this.element.offsetWidth;
    this.element.classList.add("fresh");
  }
}

/**
 * Return where a box of the frame lies on the screen, for a video that covers its place.
 *
 * @param {number[]} box - x1 y1 x2 y2 in pixels of the frame.
 * @param {{width: number, height: number}} size - The frame's.
 * @param {{width: number, height: number}} room - The place's.
 * @param {boolean} mirrored - Whether the video is.
 * @returns {number[]} x, y, width, height in pixels of the page.
 */
export function onScreen([x1, y1, x2, y2], size, room, mirrored) {
  const scale = Math.max(room.width / size.width, room.height / size.height);
  const left = (room.width - size.width * scale) / 2;
  const top = (room.height - size.height * scale) / 2;
  const start = mirrored ? size.width - x2 : x1;
  return [left + start * scale, top + y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale];
}

function place(track, room) {
  const [x, y, width, height] = track.at;
  const { boxElement, label } = track;
  boxElement.style.transform = `translate(${x}px, ${y}px)`;
  boxElement.style.width = `${width}px`;
  boxElement.style.height = `${height}px`;
  const { offsetWidth, offsetHeight } = label.element;
  const spots = {
    right: [x + width + GAP_PX, y + (height - offsetHeight) / 2],
    left: [x - GAP_PX - offsetWidth, y + (height - offsetHeight) / 2],
    below: [x + (width - offsetWidth) / 2, y + height + GAP_PX],
    above: [x + (width - offsetWidth) / 2, y - GAP_PX - offsetHeight],
  };
  const fits = ([left, top]) =>
    left >= 0 && top >= 0 && left + offsetWidth <= room.width && top + offsetHeight <= room.height;
  // A label stays on its side as long as it can.
  if (!track.side || !fits(spots[track.side])) {
    track.side = Object.keys(spots).find((side) => fits(spots[side])) ?? "below";
  }
  const within = (at, most) => Math.max(8, Math.min(at, most - 8));
  const [left, top] = spots[track.side];
  label.element.style.transform = `translate(${within(left, room.width - offsetWidth)}px, ${within(top, room.height - offsetHeight)}px)`;
}
