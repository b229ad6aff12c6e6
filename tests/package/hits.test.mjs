/** The hits of a search, walked as a program walks them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine } = await loadPacked();

const rows = Array.from({ length: 3_000 }, (_, at) => ({
  name: `variable_${at}`,
  value: {
    note: at % 3 === 0 ? "the needle" : "hay",
    list: ["x".repeat(2_000), { deep: at % 5 === 0 ? "NEEDLE" : at }],
  },
  scope: "user",
}));
const expected = rows.filter((_, at) => at % 3 === 0).length + rows.filter((_, at) => at % 5 === 0).length;

test("counts come in slices, and the first hits do not wait for them", () => {
  const snapshot = engine.Snapshot.parse(JSON.stringify({ variables: rows }));
  assert.equal(snapshot.hits("needle").hits.length, 50);
  let slice = snapshot.hits("needle", { limit: 0 });
  let [count, slices] = [slice.count, 1];
  while (slice.rest) {
    slice = snapshot.hits("needle", { limit: 0, after: slice.rest });
    count += slice.count;
    slices += 1;
  }
  assert.equal(count, expected);
  assert.ok(slices >= 3, `${slices}`);
  snapshot.free();
});

test("next and previous lead through nested values, and each hit is where it says", () => {
  const snapshot = engine.Snapshot.parse(JSON.stringify({ variables: rows.slice(0, 40) }));
  const { hits } = snapshot.hits("needle", { limit: 1_000, sort: "-name" });
  assert.deepEqual(new Set(hits.map((hit) => hit.where)), new Set(["value"]));
  for (const [at, hit] of hits.entries()) {
    const text = snapshot.text(hit.entry, hit.steps).text;
    assert.match(text, /needle/i);
    const options = { limit: 1, sort: "-name" };
    assert.deepEqual(snapshot.hits("needle", { ...options, after: hit }).hits, hits.slice(at + 1, at + 2));
    assert.deepEqual(snapshot.hits("needle", { ...options, before: hit }).hits, hits.slice(Math.max(0, at - 1), at));
  }
  const masked = snapshot.hits("needle", { mask: { allow: ["variable_0"] } });
  assert.deepEqual(
    masked.hits.map((hit) => hit.entry),
    [0, 0],
  );
  snapshot.free();
});
