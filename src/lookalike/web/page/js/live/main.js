/** The page for the camera: from a face in front of it to the look-alike's name. */

import { byId, el, fillIcons, fillWords } from "../dom.js";
import { cameras, isMirror, still, turnOff, turnOn } from "../camera.js";
import { EventScreen } from "./event.js";
import { Feed } from "./feed.js";
import { freeze } from "./freeze.js";
import { hideTrouble, showTrouble } from "../trouble.js";
import { open } from "../opening.js";
import { Overlay } from "./overlay.js";
import { say } from "../../strings/en.js";
import { ServiceError } from "../api.js";

const ASKED = { k: 3 };
/** Screen readers hear a new name no more often than this. */
const SAID_EVERY_MS = 4000;

const video = byId("video");
const overlay = new Overlay(byId("overlay"), video);
const eventScreen = new EventScreen(byId("event"));
const now = { stream: null, feed: null, service: null, saidAt: 0, said: "" };
const inEvent = () => document.body.classList.contains("in-event");

function goTo(state) {
  document.body.dataset.state = state;
  byId("ask").hidden = state !== "ask";
  byId("controls").hidden = state !== "on";
  byId("event").hidden = !(inEvent() && state === "on");
}

function fail(error) {
  if (!(error instanceof ServiceError) && !error.kind) throw error;
  off();
  byId("ask").hidden = true;
  showTrouble(error, null, { onAgain: () => begin() });
}

/** Turn the camera on and send what it sees. */
async function begin(device = "") {
  hideTrouble();
  goTo("starting");
  try {
    now.service ??= await open();
    turnOff(now.stream);
    now.stream = await turnOn(device);
  } catch (error) {
    fail(error);
    return;
  }
  const mirrored = isMirror(now.stream);
  video.classList.toggle("mirrored", mirrored);
  overlay.mirrored = mirrored;
  video.muted = true;
  video.srcObject = now.stream;
  await video.play().catch(() => undefined);
  now.stream
    .getVideoTracks()[0]
    .addEventListener("ended", () => fail(new ServiceError("cameraMissing")));
  goTo("on");
  if (inEvent()) eventScreen.start();
  send();
  await offerCameras();
}

function send() {
  now.feed?.stop();
  now.feed = new Feed(video, ASKED, { onFaces: show, onTrouble: fail, onLost: lost });
}

function show(answer) {
  overlay.show(answer);
  document.body.dataset.answers = String(Number(document.body.dataset.answers ?? 0) + 1);
  if (inEvent()) eventScreen.show(answer);
  announce(answer);
}

function announce({ faces }) {
  const names = faces
    .map((face) => face.matches[0]?.name)
    .filter(Boolean)
    .join(", ");
  const time = performance.now();
  if (!names || names === now.said || time - now.saidAt < SAID_EVERY_MS) return;
  now.said = names;
  now.saidAt = time;
  byId("said").textContent = say.liveSaid(names);
}

function lost(isLost) {
  byId("note").hidden = !isLost;
  byId("note").textContent = isLost ? say.liveLost : "";
  if (isLost) overlay.clear();
}

function off() {
  now.feed?.stop();
  now.feed = null;
  turnOff(now.stream);
  now.stream = null;
  video.srcObject = null;
  overlay.clear();
  lost(false);
  leaveEvent();
  goTo("ask");
}

async function offerCameras() {
  const found = await cameras();
  const current = now.stream?.getVideoTracks()[0]?.getSettings().deviceId;
  const options = found.map((one, index) =>
    el("option", {
      value: one.deviceId,
      selected: one.deviceId === current,
      text: one.label || say.cameraNumber(index + 1),
    }),
  );
  byId("camera").replaceChildren(...options);
  byId("camera-choice").hidden = found.length < 2;
}

async function hold() {
  const photo = await still(video);
  if (!photo) return;
  now.feed?.stop();
  video.pause();
  overlay.clear();
  freeze(photo, now.service, ASKED, () => {
    video.play().catch(() => undefined);
    send();
    byId("freeze").focus();
  });
}

/** Full screen if the browser lets us; the screen stays awake if it can. */
async function enterEvent() {
  document.body.classList.add("in-event");
  byId("event-toggle").lastChild.textContent = say.eventOff;
  history.replaceState(null, "", "#event");
  await document.documentElement.requestFullscreen?.().catch(() => undefined);
  now.lock = await navigator.wakeLock?.request("screen").catch(() => null);
  if (now.stream) {
    byId("event").hidden = false;
    eventScreen.start();
  }
}

function leaveEvent() {
  if (!inEvent()) return;
  document.body.classList.remove("in-event");
  byId("event-toggle").lastChild.textContent = say.eventOn;
  history.replaceState(null, "", location.pathname);
  eventScreen.stop();
  now.lock?.release();
  if (document.fullscreenElement) document.exitFullscreen();
}

fillWords();
fillIcons();
document.title = say.liveTitle;
byId("turn-on").addEventListener("click", () => begin());
byId("event-on").addEventListener("click", () => enterEvent().then(() => begin()));
byId("turn-off").addEventListener("click", off);
byId("freeze").addEventListener("click", hold);
byId("camera").addEventListener("change", (event) => begin(event.target.value));
byId("event-toggle").addEventListener("click", () => (inEvent() ? leaveEvent() : enterEvent()));
document.addEventListener("fullscreenchange", () => !document.fullscreenElement && leaveEvent());
window.addEventListener("pagehide", off);
if (location.hash === "#event") document.body.classList.add("in-event");
// Who has allowed the camera before need not be asked again.
navigator.permissions?.query({ name: "camera" }).then(
  (permission) => permission.state === "granted" && begin(),
  () => undefined,
);
