/** What chat clients hand out, read as they hand it out; and the options that belong together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const debug = {
  ...{ v: 1, inputId: "5fc6dc30", sessionId: "session-1", execution: 4 },
  ...{ context: { order: { id: "007" } }, profile: { firstname: "Max" } },
};
const sessions = () => new api.SessionDebugger({ source: () => "[]" });
const read = ({ body, options }) => sessions().ingest(body, options);
const told = (snapshot) => snapshot.rows().rows.map((row) => `${row.scope}.${row.name}`);

test("a socket output gives its data, and the namespaces that the flow sent", () => {
  const received = api.fromSocketOutput({ text: "", data: { __debug: debug, cart: [1] }, source: "bot", traceId: "t" });
  assert.deepEqual([received.inputId, received.execution], ["5fc6dc30", 4]);
  const snapshot = read(received);
  assert.equal(snapshot.sessionId, "session-1");
  assert.equal(snapshot.shape, "output");
  assert.ok(told(snapshot).includes("output.cart"));
  assert.equal(snapshot.get("order", "context").raw, '{"id":"007"}');
  assert.equal(snapshot.get("firstname", "profile").value, "Max");
});

test("what a flow sent as a text of JSON tells the turn and the session, too", () => {
  const output = (sent) => ({ text: "", data: { __debug: sent } });
  const received = api.fromSocketOutput(output(JSON.stringify(debug)));
  assert.deepEqual([received.inputId, received.execution], ["5fc6dc30", 4]);
  const snapshot = read(received);
  assert.deepEqual([snapshot.sessionId, snapshot.get("firstname", "profile").value], ["session-1", "Max"]);
  const reply = api.fromEndpointReply({ outputStack: [output(JSON.stringify(debug)), output("{broken")] });
  assert.equal(reply.inputId, "5fc6dc30");
});

test("a webchat event is a message of the bot or nothing", () => {
  const payload = { text: "Hello", data: { step: 2 } };
  const received = api.fromWebchatEvent({ type: "webchat/incoming-message", payload });
  assert.equal(read(received).get("step", "output").value, 2);
  assert.equal(api.fromWebchatEvent({ type: "webchat/outgoing-message", payload }), undefined);
});

test("an endpoint's reply gives every output of its stack, and the turn of the last", () => {
  const reply = {
    ...{ text: "Done", data: {}, userId: "u", sessionId: "s-2" },
    outputStack: [
      { text: "one", data: { a: 1 } },
      { text: "", data: { __debug: { ...debug, sessionId: undefined, inputId: "older" } } },
      { text: "", data: { __debug: { ...debug, sessionId: undefined, inputId: "last" } } },
    ],
  };
  const received = api.fromEndpointReply(JSON.parse(JSON.stringify(reply)));
  assert.equal(received.inputId, "last");
  assert.equal(received.options.sessionId, "s-2");
  assert.ok(told(read(received)).includes("output.1.a"));
});

test("what holds no data is nothing, whatever it is", () => {
  const strange = [undefined, null, 0, "", "text", [], {}, () => {}, { data: null }, { data: [] }, { data: "x" }];
  const inherited = Object.create({ data: { a: 1 }, type: "webchat/incoming-message", payload: { data: {} } });
  for (const value of [...strange, inherited]) {
    assert.equal(api.fromSocketOutput(value), undefined);
    assert.equal(api.fromWebchatEvent(value), undefined);
    assert.equal(api.fromWebchatEvent({ type: "webchat/incoming-message", payload: value }), undefined);
    assert.equal(api.fromEndpointReply(value), undefined);
    assert.equal(api.fromEndpointReply({ outputStack: [value] }), undefined);
  }
});

/** The URLs that a debugger with these options asks for. */
async function asked(options, query) {
  const urls = [];
  const answer = globalThis.fetch;
  globalThis.fetch = async (request) => {
    urls.push(request.url ?? String(request));
    return new Response('{"context":{"a":1}}', { headers: { "Content-Type": "application/json" } });
  };
  try {
    await new api.SessionDebugger({ baseUrl: "https://relay.example", ...options }).snapshot(query);
  } finally {
    globalThis.fetch = answer;
  }
  return urls;
}

test("the preset of a relay asks for a user's session, and for nothing that the relay cannot answer", async () => {
  const { relay } = api.presets;
  const query = { sessionId: "a/b", userId: "user@example.com", includeSystem: true };
  assert.deepEqual(await asked(relay, query), ["https://relay.example/cognigy-debug/a%2Fb?userId=user%40example.com"]);
  await assert.rejects(asked(relay, { ...query, scope: "user" }), { code: "INPUT_INVALID" });
  assert.deepEqual([relay.rateLimit, relay.maxConcurrent], [{ requests: 1_000, windowMs: 300_000 }, 10]);
});

test("the preset of the tutorial is what holds by default", async () => {
  const query = { sessionId: "s", name: "n", scope: "user", includeSystem: true };
  assert.deepEqual(await asked(api.presets.tutorial, query), await asked({}, query));
  assert.equal(new api.SessionDebugger({ baseUrl: "https://a.example" }).metrics().requestsAllowed, 100);
});

test("parts of a query are called as the tenant calls them", () => {
  const url = (options, query) =>
    api.buildVariablesUrl("https://a.example", { sessionId: "s", ...query }, { path: "/{sessionId}", ...options });
  assert.equal(url({ parameters: { name: "q" } }, { name: "x" }), "https://a.example/s?q=x");
  assert.equal(url({ path: "/{userId}/{sessionId}" }, { userId: "u" }), "https://a.example/u/s");
  for (const parameters of [{ name: "a b" }, { name: 1 }, { nam: "x" }, { name: "scope" }, "name"]) {
    assert.throws(() => url({ parameters }), { name: "DebuggerError" });
  }
  assert.throws(() => url({}, { userId: "u" }), { code: "INPUT_INVALID" });
  const begins = (name, nameMatch) => url({}, { name, nameMatch });
  assert.equal(begins("order_*_id", "glob"), "https://a.example/s?name=order_");
  assert.equal(begins("order_*", undefined), "https://a.example/s?name=order_%2A");
  assert.equal(begins("*_id", "glob"), "https://a.example/s");
  for (const nameMatch of ["Glob", "contains", 1]) {
    assert.throws(() => begins("x", nameMatch), { name: "DebuggerError" });
  }
});

test("names are matched by the query's own rule, whatever a source gives", async () => {
  const rows = ["order_1_id", "order_2_id", "order_id", "reorder_1_id", "__proto__"].map((name) => ({
    name,
    value: "1",
    scope: "user",
  }));
  const queries = [];
  const source = ({ name, nameMatch }) => {
    queries.push([name, nameMatch]);
    return { variables: rows };
  };
  const sessions = new api.SessionDebugger({ source });
  const names = async (query) => (await sessions.snapshot({ sessionId: "s", ...query })).names();
  assert.deepEqual(await names({ name: "order_" }), ["order_1_id", "order_2_id", "order_id"]);
  assert.deepEqual(await names({ name: "order_*_id", nameMatch: "glob" }), ["order_1_id", "order_2_id"]);
  assert.deepEqual(await names({ name: "__proto__", nameMatch: "exact" }), ["__proto__"]);
  assert.deepEqual(
    await names({ nameMatch: "exact" }),
    rows.map(({ name }) => name),
  );
  assert.deepEqual(queries, [
    ["order_", "prefix"],
    ["order_*_id", "glob"],
    ["__proto__", "exact"],
    [undefined, undefined],
  ]);
});
