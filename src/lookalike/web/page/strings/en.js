/**
 * Every word that the page says, in one place. To speak another language, translate this file.
 *
 * Plain entries are strings; entries that depend on something are functions.
 */

const number = new Intl.NumberFormat("en");

const MILLION = 1e6;

/** "1 in 2,300", as the figures say it: two leading digits are all that a rarity knows. */
function oneOf(value) {
  if (value >= MILLION) return value < 2 * MILLION ? "1 in a million" : "1 in millions";
  if (value < 10) return `1 in ${Math.max(Math.round(value), 1)}`;
  return `1 in ${number.format(Number(value.toPrecision(2)))}`;
}
const many = (count, one, more) => `${number.format(count)} ${count === 1 ? one : more}`;

export const say = {
  title: "Who do you look like? · lookalike",
  name: "lookalike",
  skip: "Skip to the content",
  home: "lookalike, to the start",
  live: "Live camera",
  headline: "Who do you look like?",
  subline: "Give a photo, and see which well-known faces are most like yours.",
  sublineAmong: (people) =>
    `Give a photo, and see which of ${number.format(people)} faces are most like yours.`,

  dropHere: "Drop a photo here",
  startHere: "Start with a photo",
  startAlso: "Several photos of one person are fine.",
  dropNow: "Let go, and we look",
  dropAlso: "or paste one. Several photos of one person are fine.",
  choose: "Choose photos",
  take: "Take a photo",
  privacy: "Your photo stays in memory and is never kept.",
  honest: "For fun, not for telling who somebody is.",
  interface: "Programming interface",
  footer: "No cookies, no tracking, nothing from other sites.",

  photo: "Your photo",
  photos: "Your photos",
  photoNumber: (index, count) => `Photo ${index} of ${count}`,
  photoAlt: (faces) => `Your photo with ${many(faces, "face", "faces")}`,
  photoHidden: "Your browser cannot show this kind of photo. We could read it, though.",
  face: (index, count) => (count === 1 ? "The face in the photo" : `Face ${index} of ${count}`),
  faces: (count) => `${many(count, "face", "faces")} found. Choose one.`,
  yourFace: "The face in your photo",
  another: "Another photo",
  everyPhoto: "All photos together",

  looking: "Looking for faces…",
  stillLooking: "Still looking. Large photos take a little longer.",
  waiting: (seconds) => `Many people are asking just now. Trying again in ${many(seconds, "second", "seconds")}.`,
  done: (name, rarity) => `Most like ${name}. ${rarity}`,

  results: "Look-alikes",
  most: "Looks most like",
  nearest: "Nearest, though nobody stands out",
  together: (count) => `Over ${many(count, "photo", "photos")}, looks most like`,
  chosen: (rank) => `Number ${rank} of the list`,
  list: (count) => (count === 1 ? "Only one is here" : `The ${number.format(count)} most alike`),
  nobodyStandsOut: "Nobody here stands out",
  nobodyStandsOutWhy: (among) =>
    `Among ${number.format(among)} people somebody is this near to almost everyone. Take it lightly.`,
  rarity: (oneIn) =>
    oneIn < 1.5
      ? "Nearly every stranger looks this much alike"
      : oneIn < MILLION ? `${oneOf(oneIn)} strangers looks this much alike` : `${oneOf(oneIn)} looks this much alike`,
  raritySpan: (low, high) => `Nine times in ten between ${oneOf(low)} and ${oneOf(high)}.`,
  rarityShort: (oneIn) => oneOf(oneIn),
  rarityUnknown: "Too few people here to say how rare that is",
  distance: (value) => `Distance ${value}`,
  distanceLong: (value, metric) => `${metric} distance ${value}; smaller is more alike`,
  credit: (credit) => `Photo: ${credit}`,
  source: "source",
  sourceOf: (name) => `Where the photo of ${name} comes from`,
  nobody: "There is nobody of whom this holds.",
  nobodyHint: "Take a filter away to see more people.",
  show: (name, rank) => `${rank}. ${name}: put beside the photo`,
  differing: "The photos seem to show different people.",
  agreeing: (share) =>
    share >= 0.85 ? "The photos agree well." : share >= 0.6 ? "The photos agree in part." : "The photos disagree: take it lightly.",

  slide: "Slide",
  blend: "Blend",
  sliderLabel: (name) => `Between your face and ${name}`,
  sliderValue: (percent, name) => `${percent} % you, ${100 - percent} % ${name}`,
  you: "You",

  why: "Why?",
  whyTitle: (name) => `What is alike with ${name}`,
  whyBusy: "Covering the face bit by bit to see what matters…",
  whyParts: "How much each part of the face adds to the likeness",
  whyYours: "Your face, with what matters lit up",
  whyTheirs: (name) => `${name}, with what matters lit up`,
  whyColors: "Orange makes you alike, purple sets you apart.",
  parts: {
    eyes: "Eyes", brows: "Brows", nose: "Nose", mouth: "Mouth",
    cheeks: "Cheeks", jaw: "Jaw", forehead: "Forehead",
  },

  share: "Share",
  shareTitle: "A card to share",
  shareBusy: "Drawing the card…",
  shareShape: "Shape",
  portrait: "Upright",
  wide: "Wide",
  shareTheme: "Colors",
  shareWhy: "Say what is alike",
  light: "Light",
  dark: "Dark",
  download: "Download",
  send: "Share…",
  cardFile: (name) => `lookalike-${name}.png`,
  cardText: (name) => `I look like ${name}, says lookalike.`,
  close: "Close",

  filters: "Filters",
  more: "More",
  any: "Any",
  yes: "Yes",
  no: "No",
  fromOf: (name) => `${name}, from`,
  toOf: (name) => `${name}, to`,
  remove: (what) => `Take away: ${what}`,
  everyone: "Also people who are little known",
  fair: "Who resembles everybody counts for less",
  metric: "Measure",
  rank: "Compared with",
  gallery: "Gallery",
  howMany: "People",
  metrics: {
    euclidean: "Euclidean", sqeuclidean: "Squared Euclidean", cosine: "Cosine",
    mahalanobis: "Mahalanobis", "mahalanobis-person": "Mahalanobis, per person",
  },
  ranks: { nearest: "Nearest photo", mean: "Mean of three", centroid: "Mean face" },
  attributes: {
    born: "Born", died: "Died", gender: "Gender", occupations: "Occupation", country: "Country",
    countries: "Country", well_known: "Well known", photos_in_news: "Photos in the news",
  },

  snapTitle: "Take a photo",
  snap: "Take it",

  liveTitle: "Live camera · lookalike",
  toPhotos: "Photos",
  liveHeadline: "Look into the camera",
  liveSubline: "Everybody in the picture gets a name beside them.",
  livePrivacy: "Pictures are looked at and forgotten. Nothing is recorded.",
  turnOn: "Turn the camera on",
  turnOff: "Turn off",
  camera: "Camera",
  cameraNumber: (index) => `Camera ${index}`,
  freeze: "Freeze",
  frozenTitle: "Frozen",
  lookingAtYou: "Looking…",
  liveSaid: (names) => `Looks like ${names}.`,
  liveLost: "The connection was lost. Connecting again…",
  eventOn: "Event mode",
  eventOff: "End event mode",
  eventCall: "Step in front of the camera",

  tokenTitle: "This service is private",
  tokenHint: "Give the token that you got from whoever runs it.",
  token: "Token",
  tokenWrong: "That token is not right.",
  go: "Go on",
};
