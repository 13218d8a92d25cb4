/**
 * What went wrong, in words for people: `kind` → title and what to do.
 *
 * Kinds are those of the service, and a few of the page's own (in lower case).
 */

const mebi = (bytes) => `${Math.max(1, Math.round(bytes / 1048576))} MB`;
const mega = (pixels) => `${Math.max(1, Math.round(pixels / 1e6))} megapixels`;

const tooLarge = (limits) => ({
  title: "That photo is too large",
  hint: limits
    ? `Up to ${mebi(limits.max_bytes)} and ${mega(limits.max_pixels)} are fine. Try a smaller one.`
    : "Try a smaller one.",
});

const busy = { title: "Too many people are asking just now", hint: "Try again in a moment." };

const words = {
  NoFace: {
    title: "We could not find a face",
    hint: "A photo from the front, in good light and not too far away, works best.",
  },
  ImageUnreadable: {
    title: "That is not a photo we can read",
    hint: "JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP and TIFF work.",
  },
  ImageTooLarge: tooLarge,
  RequestTooLarge: tooLarge,
  tooMany: (limits) => ({
    title: "Those are too many photos",
    hint: `Up to ${limits?.max_photos ?? 8} of one person at a time.`,
  }),
  notPhotos: {
    title: "That is not a photo we can read",
    hint: "Drop a picture file: JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF.",
  },
  gone: {
    title: "The service does not answer",
    hint: "It may have been stopped, or the network is down. Your photo is still here: try again.",
  },
  TooManyRequests: busy,
  ServiceBusy: busy,
  GalleryBusy: { title: "The gallery is being changed", hint: "Try again in a moment." },
  GalleryEmpty: { title: "There is nobody in this gallery yet", hint: "Choose another gallery." },
  GalleryMissing: { title: "That gallery is not there any more", hint: "Choose another gallery." },
  UnknownName: { title: "That person is not there any more", hint: "Look again with your photo." },
  RequestTooSlow: { title: "The photo took too long to arrive", hint: "Try a smaller one." },
  TokenWrong: { title: "The token is not right", hint: "Reload the page to give another." },
  ScopeTooNarrow: { title: "That token does not allow this", hint: "" },
  StrangerRefused: { title: "The service does not know this address", hint: "" },

  cameraDenied: {
    title: "The camera is not allowed",
    hint: "Allow it beside the address of the page, then try again. Choosing a photo works, too.",
  },
  cameraMissing: { title: "No camera was found", hint: "Connect one, or choose a photo." },
  cameraTaken: {
    title: "Another program is using the camera",
    hint: "Close it there, then try again.",
  },
  cameraUnsafe: {
    title: "The camera needs a safe address",
    hint: "Browsers only give it to pages on this machine or behind https.",
  },
  liveFull: { title: "All places are taken", hint: "Too many cameras are on. Try again soon." },
  liveLost: { title: "The connection was lost", hint: "Connecting again…" },
};

const otherwise = { title: "Something went wrong", hint: "Try again." };

/**
 * Say what went wrong.
 *
 * @param {string} kind - The stable name of the error.
 * @param {object|null} limits - What the service allows, for the numbers in the words.
 * @param {string} message - What the service said; used where the page has no words of its own.
 * @returns {{title: string, hint: string}} Words for people.
 */
export function errorWords(kind, limits = null, message = "") {
  const found = words[kind];
  if (typeof found === "function") return found(limits);
  return found ?? (message ? { title: otherwise.title, hint: message } : otherwise);
}

export const tryAgain = "Try again";
