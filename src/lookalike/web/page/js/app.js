/** The page for photos: from a photo to its look-alikes. */

import { ServiceError, post } from "./api.js";
import { byId, el, fillIcons, fillWords } from "./dom.js";
import { hideTrouble, showTrouble } from "./trouble.js";
import { open } from "./opening.js";
import { Options } from "./options.js";
import { prepared, takeIn } from "./intake.js";
import { Results } from "./results.js";
import { rarityWords } from "./rarity.js";
import { say } from "../strings/en.js";
import { Stage } from "./stage.js";
import { together } from "./together.js";

const STILL_LOOKING_S = 6;

/** What the page knows: the service, the photos, the answer. */
const now = { service: null, files: [], answer: null, sending: null };

const stage = new Stage(byId("stage"), { onChoice: show, onAnother: another });
const results = new Results(byId("results"), now);
const options = new Options(byId("options"), look, fail);

function status(words, busy = false) {
  byId("status").replaceChildren(
    ...(busy ? [el("span", { class: "spinner", "aria-hidden": "true" })] : []),
    el("span", { class: busy ? "" : "unseen", text: words }),
  );
  byId("results").setAttribute("aria-busy", String(busy));
  document.body.classList.toggle("busy", busy);
}

function another() {
  byId("files").click();
}

/** Show the page's state: "start" or "work". */
function goTo(state) {
  document.body.dataset.state = state;
  byId("start").hidden = state !== "start";
  byId("work").hidden = state !== "work";
}

/** Take photos of one person and look for faces in them. */
async function begin(files) {
  hideTrouble();
  // Who is quicker than the service waits for it.
  if (!(await ready)) return undefined;
  if (files.length > now.service.limits.max_photos) return fail(new ServiceError("tooMany"));
  if (!files.length) return fail(new ServiceError("notPhotos"));
  try {
    now.files = await prepared(files, now.service.limits);
  } catch (error) {
    return fail(error);
  }
  now.answer = null;
  goTo("work");
  results.clear();
  stage.open(now.files);
  return look();
}

/** Ask the service about the photos, with the options as they are. */
async function look() {
  if (!now.files.length) return;
  now.sending?.abort();
  const sending = new AbortController();
  now.sending = sending;
  hideTrouble();
  status(say.looking, true);
  const patience = setTimeout(() => status(say.stillLooking, true), STILL_LOOKING_S * 1000);
  try {
    const asked = options.fields();
    const fields = { photo: now.files, portraits: true, ...asked };
    const onWait = (seconds) => status(say.waiting(Math.ceil(seconds)), true);
    const several = now.files.length > 1 && now.service.offers.includes("together");
    const [found, all] = await Promise.all([
      post("find", fields, { signal: sending.signal, onWait }).then((answer) => answer.json()),
      several ? together(fields, { signal: sending.signal }) : null,
    ]);
    now.answer = { ...found, asked, together: all };
    answered();
  } catch (error) {
    if (error.name === "AbortError") return;
    fail(error);
  } finally {
    clearTimeout(patience);
  }
}

function answered() {
  const { photos } = now.answer;
  const first = photos.findIndex((photo) => photo.faces.length);
  if (first < 0) {
    const broken = photos.find((photo) => photo.error);
    fail(new ServiceError(broken ? broken.error.kind : "NoFace"));
    return;
  }
  options.show(now.answer);
  stage.show(now.answer);
}

/** Show the look-alikes of one face, or of all photos together. */
function show(choice) {
  const face = results.show(now.answer, choice);
  const best = face.matches[0];
  status(best ? say.done(best.name, rarityWords(best)) : say.nobody);
}

function fail(error) {
  if (!(error instanceof ServiceError)) throw error;
  status("");
  results.clear();
  const again = ["gone", "ServiceBusy", "TooManyRequests", "GalleryBusy"].includes(error.kind);
  if (!again) stage.settle();
  const wrongPhoto = ["ImageUnreadable", "NoFace", "ImageTooLarge", "RequestTooLarge"];
  if (wrongPhoto.includes(error.kind)) options.hide();
  showTrouble(error, now.service?.limits, {
    onAgain: again && now.files.length ? look : null,
    onAnother: another,
  });
}

/** Learn what the service offers; say so if it does not answer. */
async function learn() {
  try {
    now.service = await open();
    const gallery = await options.open(now.service);
    byId("subline").textContent = say.sublineAmong(gallery.people);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    showTrouble(error, null, { onAgain: () => location.reload() });
    return false;
  }
  byId("version").textContent = now.service.version;
  byId("live-link").hidden = !now.service.offers.includes("live");
  return true;
}

fillWords();
fillIcons();
document.title = say.title;
// Nobody drops files on a phone.
if (matchMedia("(pointer: coarse)").matches) {
  byId("drop-title").textContent = say.startHere;
  byId("drop-also").textContent = say.startAlso;
}
takeIn(begin, fail);
const ready = learn();
