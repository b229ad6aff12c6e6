/** Why a name has its value, as a program asks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const row = (name, value, scope) => ({ name, value, scope });
const parse = (rows, options) => api.Snapshot.parse(JSON.stringify({ variables: rows }), options);
const statuses = ({ candidates }) => candidates.map(({ scope, status }) => `${scope} ${status}`);
const codes = ({ warnings }) => warnings.map(({ code }) => code);

/** What a tenant answers that was asked for one scope alone. */
async function loadedOnly(scope, rows) {
  const sessions = new api.SessionDebugger({ source: () => JSON.stringify({ variables: rows }) });
  const snapshot = await sessions.snapshot({ sessionId: "s", scope });
  sessions.free();
  return snapshot;
}

test("each scope has one status, and says where its variable stood", async () => {
  const rows = [row("a", "1", "user"), row("a", "2", "campaign"), row("a", "3", "bot"), row("a", "4", "bot")];
  const explanation = parse([...rows, row("b", "5", "session")]).explain("a");
  assert.deepEqual(statuses(explanation), [
    "user wins",
    "session not-set",
    "bot hidden",
    "bot duplicate",
    "global not-set",
    "campaign unknown-scope",
  ]);
  const bot = explanation.candidates[2];
  const { rank, hiddenBy, provenance, text, raw, type } = bot;
  assert.deepEqual(
    { rank, hiddenBy, provenance, text, raw, type },
    { rank: 1, hiddenBy: "user", provenance: { page: 1, position: 2 }, text: "3", raw: "3", type: "integer" },
  );
  assert.deepEqual([explanation.rule, explanation.ruleVersion], ["layered/highest-scope-wins", 1]);
  assert.deepEqual([explanation.values, explanation.whatIf], ["different", false]);
  assert.match(explanation.sentence, /^user \(rank 3\) wins over bot/);

  const loaded = (await loadedOnly("user", [row("a", "1", "user")])).explain("a");
  assert.deepEqual(statuses(loaded), ["user wins", "session not-loaded", "bot not-loaded", "global not-loaded"]);
  assert.deepEqual(codes(loaded), ["loaded-scopes-only"]);
});

test("each warning is told where it holds, and in the sentence", async () => {
  const earlier = parse([row("won", "1", "bot")]);
  const now = parse(
    [
      ...[row("_guess", "on", "bot"), row("Größe", "1", "bot"), row("GRÖSSE ", "2", "bot"), row("größe", "3", "bot")],
      ...[row("spelled", "007", "user"), row("spelled", "7", "bot"), row("won", "1", "bot"), row("won", "2", "user")],
    ],
    { policy: "reference" },
  );
  const expected = {
    _guess: ["system-guessed"],
    spelled: ["same-value-other-text"],
    größe: ["similar-names"],
    won: ["winner-changed"],
  };
  for (const [name, wanted] of Object.entries(expected)) {
    const explanation = now.explain(name, { earlier });
    assert.deepEqual(codes(explanation), wanted, name);
    const [{ message }] = explanation.warnings;
    assert.ok(explanation.sentence.endsWith(message), explanation.sentence);
  }
  assert.deepEqual(now.explain("größe").warnings[0].names, ["Größe"]);
  assert.deepEqual(now.explain("spelled").warnings[0].scopes, ["bot"]);
  assert.deepEqual(now.explain("won", { earlier }).warnings[0].scopes, ["bot"]);
  assert.deepEqual(codes(now.explain("won")), []);
});

test("another order is tried, and the snapshot stays as it is", () => {
  const snapshot = parse([row("a", "1", "user"), row("a", "2", "bot")]);
  const tried = snapshot.explain("a", { precedence: ["user", "bot"] });
  assert.deepEqual([tried.whatIf, tried.winner.scope, tried.order], [true, "bot", ["bot", "user"]]);
  assert.equal(snapshot.explain("a", { precedence: "side-by-side" }).winner, undefined);
  assert.equal(snapshot.get("a").scope, "user");
});

test("side by side nothing wins, and each namespace has the words that read it", () => {
  const bundle = { input: { order: 2 }, context: { order: { id: 1 } }, profile: { order: { id: 1.5 } } };
  const snapshot = api.Snapshot.parse(JSON.stringify(bundle), { shape: "memory-bundle" });
  const explanation = snapshot.explain("order");
  assert.deepEqual([explanation.winner, explanation.values], [undefined, "different"]);
  const shown = explanation.candidates.filter(({ status }) => status === "shown");
  assert.deepEqual(
    shown.map(({ scope, expression }) => [scope, expression]),
    ["input", "context", "profile"].map((scope) => [scope, `${scope}.order`]),
  );
  assert.equal(snapshot.explain("nothing"), undefined);
});
