/** From what is chosen in the filters to the service's small language of conditions. */

const quoted = (value) => `'${value.replaceAll("'", "''")}'`;

/**
 * Write a condition.
 *
 * @param {Map<string, object>} chosen - For each attribute: `{is: string}` for words,
 *   `{yes: boolean}`, or `{from: number|null, to: number|null}`.
 * @returns {string} Empty if nothing is chosen.
 */
export function where(chosen) {
  const parts = [];
  for (const [name, value] of chosen) {
    if (typeof value.is === "string") parts.push(`${name} = ${quoted(value.is)}`);
    if (typeof value.yes === "boolean") parts.push(`${name} = ${value.yes}`);
    if (Number.isFinite(value.from)) parts.push(`${name} >= ${value.from}`);
    if (Number.isFinite(value.to)) parts.push(`${name} <= ${value.to}`);
  }
  return parts.join(" and ");
}
