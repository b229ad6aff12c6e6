/** Checks the chain of an audit trail, apart from the engine that made it. */

const MAX_RECORDS = 10_000;

/** Canonical JSON as RFC 8785 has it: records are flat, and JSON.stringify writes the members in the order of the list. */
function canonical(record) {
  const members = Object.keys(record).filter((member) => member !== "hash");
  return JSON.stringify(record, members.sort());
}

async function seal(record) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(record)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function verifyAudit(records, checkpoints = []) {
  if (!Array.isArray(records) || !Array.isArray(checkpoints)) throw new TypeError("Records and checkpoints are lists.");
  const first = records[0]?.seq ?? 1;
  if (first !== 1 && records.length < MAX_RECORDS) return 1;
  const foreign = ({ trail }) => records.length > 0 && trail !== records[0]?.trail;
  if (checkpoints.some(foreign)) return first;
  const known = new Map(checkpoints.map(({ seq, hash }) => [seq, hash]));
  let before = first === 1 ? "0".repeat(64) : undefined;
  let next = first;
  for (const record of records) {
    const expected = known.get(next - 1) ?? before ?? record?.prev;
    const follows = record?.seq === next && record.prev === expected && record.prev === (before ?? record.prev);
    if (!follows || record.hash !== (known.get(next) ?? record.hash) || record.hash !== (await seal(record)))
      return next;
    before = record.hash;
    next += 1;
  }
  return checkpoints.some(({ seq }) => seq >= next) ? next : undefined;
}
