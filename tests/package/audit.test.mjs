/** The chain that the engine writes, checked by WebCrypto. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

/** A trail with odd session ids, waits of every length and failures. */
async function trail() {
  const ids = ["s-1", 'ü\u2028\u0007"\\', "𝄞\t\u007f", "a/b"];
  const sessions = new api.SessionDebugger({
    source: async (query) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (query.sessionId === "a/b") throw new Error("no");
      return '{"variables":[{"name":"a","value":"1","scope":"session"}]}';
    },
  });
  for (const sessionId of ids) await sessions.snapshot({ sessionId }).catch(() => {});
  return { records: sessions.auditTrail(), checkpoint: sessions.auditCheckpoint() };
}

test("a trail as the engine wrote it is whole", async () => {
  const { records, checkpoint } = await trail();
  assert.ok(records.length >= 4);
  assert.deepEqual(checkpoint, { seq: records.length, hash: records.at(-1).hash });
  assert.equal(await api.verifyAudit(records, [checkpoint]), undefined);
  assert.equal(await api.verifyAudit(JSON.parse(JSON.stringify(records)), [checkpoint]), undefined);
});

test("whatever is changed is found", async () => {
  const { records, checkpoint } = await trail();
  for (const [at, record] of records.entries()) {
    for (const member of Object.keys(record)) {
      const changed =
        records.with?.(at, { ...record, [member]: `${record[member]}0` }) ??
        Object.assign([...records], { [at]: { ...record, [member]: `${record[member]}0` } });
      const found = await api.verifyAudit(changed, [checkpoint]);
      assert.equal(found, member === "seq" && at === 0 ? 1 : at + 1, member);
    }
    const without = records.filter((_, index) => index !== at);
    assert.notEqual(await api.verifyAudit(without, [checkpoint]), undefined);
  }
  assert.equal(await api.verifyAudit([], [checkpoint]), 1);
  await assert.rejects(api.verifyAudit(undefined), TypeError);
});

test("checkpoints are handed over every hundred records, and when the debugger is freed", async () => {
  const told = [];
  const baseUrl = "https://tenant.example";
  const sessions = new api.SessionDebugger({
    baseUrl,
    tabs: false,
    onCheckpoint: (checkpoint) => told.push(checkpoint),
  });
  for (let record = 0; record < 120; record++) (await sessions.ingest('{"variables":[]}')).free();
  const records = sessions.auditTrail();
  sessions.free();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    told.map(({ seq }) => seq),
    [100, 120],
  );
  assert.equal(await api.verifyAudit(records, told), undefined);
  assert.equal(await api.verifyAudit(records.slice(0, 110), told), 111);
  assert.throws(() => new api.SessionDebugger({ baseUrl, onCheckpoint: "no function" }), { code: "CONFIG_INVALID" });
});

test("the metrics count the records that the trail let go, and what failed by its class", () => {
  const sessions = new api.SessionDebugger({ source: () => "{}" });
  const { never } = sessions.metrics().failures;
  assert.throws(() => sessions.ingest("{"), { code: "JSON_SYNTAX" });
  assert.equal(sessions.auditTrail()[0].class, "never");
  assert.deepEqual([never, sessions.metrics().failures.never, sessions.metrics().auditDropped], [0, 1, 0]);
  for (let record = 0; record < 10_002; record++) sessions.ingest('{"variables":[]}').free();
  assert.equal(sessions.metrics().auditDropped, 3);
  assert.equal(sessions.auditTrail()[0].seq, 4);
});

test("where no trail is stored, whoever asks for it is told why", async () => {
  const source = () => '{"variables":[]}';
  const made = (audit) => new api.SessionDebugger({ source, audit });
  for (const wrong of [{ storage: "disk" }, { sessions: "md5" }, { size: 7 }])
    assert.throws(() => made(wrong), { code: "CONFIG_INVALID" }, JSON.stringify(wrong));
  await assert.rejects(made(undefined).storedAuditTrail(), { code: "CONFIG_INVALID" });
  await assert.rejects(made({ sessions: "plain" }).storedAuditTrail(), { code: "CONFIG_INVALID" });
  // Node has no store.
  const sessions = made({ storage: "persistent" });
  await sessions.snapshot({ sessionId: "s" });
  await assert.rejects(sessions.storedAuditTrail({ sessionId: "s" }), { code: "STORAGE_UNAVAILABLE" });
  await assert.rejects(sessions.storedAuditTrail({ session: "s" }), { code: "INPUT_INVALID" });
  assert.equal(sessions.auditTrail().length, 1);
});

test("a checkpoint of another trail is not taken for one of this", async () => {
  const { records, checkpoint } = await trail();
  assert.equal(await api.verifyAudit(records, [{ ...checkpoint, trail: "0".repeat(32) }]), 1);
});
