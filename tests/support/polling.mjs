/** What memory may do, be it in Node or in a page. */
import assert from "node:assert/strict";

/** So many reads after the warm-up. A day of a hundred sessions is 1,728,000: `MEMORY_READS=1728000`. */
export const READS = Number(process.env.MEMORY_READS ?? 10_000);
export const BODY_BYTES = 8 * 2 ** 20;

const MIB = 2 ** 20;
const mib = (bytes) => `${(bytes / MIB).toFixed(2)} MiB`;

/** R17 over time. */
export function checkPolling(where, { settled, grown, hours, wrong, records }) {
  assert.deepEqual([wrong, records], [0, 10_000]);
  assert.ok(grown <= MIB, `grown by ${mib(grown)}`);
  console.log(
    `R17, ${where}: 100 sessions for ${hours.toFixed(2)} h, ${READS} reads: ${mib(settled)} of memory after the warm-up, grown by ${mib(grown)} (asked: 1 MiB)`,
  );
}

/** R17 for one large body. */
export function checkPeak(where, { bytes, size, rows, peak }) {
  assert.equal(size, rows);
  assert.ok(bytes >= BODY_BYTES && peak <= 64 * MIB, mib(peak));
  console.log(`R17, ${where}: a body of ${mib(bytes)}: ${mib(peak)} of memory at most (asked: 64 MiB)`);
}
