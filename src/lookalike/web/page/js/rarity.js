/** How rare a likeness is, in words. */

import { say } from "../strings/en.js";

/**
 * Say how rare it is that a stranger looks this much alike.
 *
 * @param {{rarity: {one_in: number}|null}} match - A match of the service.
 * @returns {string} A sentence without its full stop; never a percentage.
 */
export const rarityWords = (match) =>
  match.rarity ? say.rarity(match.rarity.one_in) : say.rarityUnknown;
