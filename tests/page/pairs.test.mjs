/**
 * R12 for what only a browser has: storage that is aborted, full or blocked, a leading tab that is frozen, an engine that traps, and no
 * network, each beside every fault of a request that a server on loopback can have, and beside each other.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BODY_BYTES, FaultTenant, REQUEST_FAULTS, stepsOf } from "./lib/fault-tenant.mjs";
import { OwnBrowser } from "./lib/own-browser.mjs";
import { startOrigin } from "./lib/own-origin.mjs";

/** Pages that nobody looks at, and most are such here, have timers all the same. */
const UNSEEN = ["--disable-background-timer-throttling", "--disable-renderer-backgrounding"];
const own = new OwnBrowser();
let browser;
before(async () => {
  browser = await own.connect(...UNSEEN);
});
let pairs = 0;
after(async () => {
  await browser?.browser()?.close();
  await own.remove();
  console.log(
    `R12: ${pairs} pairs with a fault that only a browser has: both struck, each with its code, and the next good call works`,
  );
});

/** What has a debugger of its own: each fault of a request, or nothing of that kind. */
const WITH_REQUESTS = REQUEST_FAULTS.map((fault, number) => ({ ...fault, host: `f${number}` }));
const WITHOUT_REQUESTS = [{ name: "no request", host: "f0", options: {}, pauseMs: 0 }];

/** The debuggers of one origin: those of one page, and those of the page that leads, where there is one. */
class Lane {
  /** What was read: by host, session and what came of it. */
  #taken = [];
  /** What the trails of engines that have broken down said. */
  #kept = {};
  #pages = [];
  /** Sessions that met a fault of the browser. */
  met = { unstored: new Set(), offline: new Set(), trapped: new Set() };

  constructor(faults) {
    this.faults = faults;
  }

  static async open(context, faults, { leads = false, isFull = false, isBlocked = false } = {}) {
    const lane = new Lane(faults);
    lane.origin = await startOrigin((_, __, send) => send(404));
    lane.tenant = new FaultTenant();
    lane.refusing = new FaultTenant();
    context.after(async () => {
      await Promise.all(lane.#pages.map((page) => page.close()));
      lane.origin.stop();
      await Promise.all([lane.tenant.down(), lane.refusing.down()]);
    });
    await Promise.all([lane.tenant.up(), lane.refusing.up()]);
    const atFirst = { overQuota: isFull, blocked: isBlocked && !leads };
    if (leads) lane.leader = await lane.#openPage(atFirst, leads);
    lane.page = await lane.#openPage({ ...atFirst, blocked: isBlocked }, leads);
    return lane;
  }

  /** `atFirst`: what is there before the debuggers are. */
  async #openPage(atFirst, shares) {
    const page = await browser.newPage();
    this.#pages.push(page);
    const protocol = await browser.newCDPSession(page);
    const { address } = this.origin;
    await page.exposeFunction("setQuota", (quotaSize) =>
      protocol.send("Storage.overrideQuotaForOrigin", { origin: address, quotaSize }),
    );
    await protocol.send("Network.enable");
    await page.exposeFunction("setOffline", (offline) =>
      protocol.send("Network.emulateNetworkConditions", {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      }),
    );
    await page.goto(`${address}/tab`);
    const pairs = this.faults.map(({ host, pauseMs, options, refuses }) => {
      const { port } = refuses ? this.refusing : this.tenant;
      return { host, pauseMs, options, port, shares, bodyBytes: BODY_BYTES };
    });
    for (const name of Object.keys(atFirst)) if (atFirst[name]) await this.ask("begin", name, page);
    await this.ask("start", pairs, page);
    return page;
  }

  ask(name, argument, page = this.page) {
    return page.evaluate(async ({ name, argument }) => (await import("/in-page/pairs.js"))[name](argument), {
      name,
      argument,
    });
  }

  /** All is delivered, from a store that outlives the page or not. */
  async drained({ page = this.page, durable = true } = {}) {
    for (const outbox of Object.values(await this.ask("drained", undefined, page)))
      assert.deepEqual(outbox, { dead: 0, durable });
  }

  /** What happens while the page that leads is frozen: nothing of its own does. */
  async frozen(happen) {
    const protocol = await browser.newCDPSession(this.leader);
    const freeze = (state) => protocol.send("Page.setWebLifecycleState", { state });
    await this.ask("tick", undefined, this.leader);
    await freeze("frozen");
    const since = performance.now();
    await happen();
    const frozenMs = performance.now() - since;
    await freeze("active");
    const { longestGapMs } = await this.ask("seen", undefined, this.leader);
    assert.ok(longestGapMs > 0.9 * frozenMs, `${longestGapMs} of ${frozenMs} ms`);
  }

  sessions(plan) {
    return Object.fromEntries(this.faults.map((fault) => [fault.host, planFor(fault, plan)]));
  }

  /** All debuggers of a page read at the same time, by one plan. */
  async take(plan, { page = this.page, meets = [] } = {}) {
    const sessions = this.sessions(plan);
    for (const what of meets) for (const session of Object.values(sessions)) this.met[what].add(session);
    const came = await this.ask("take", sessions, page);
    for (const [host, session] of Object.entries(sessions)) this.#taken.push({ host, session, what: came[host] });
  }

  /** The same while nobody listens where connections are refused. */
  async takeRefused(plan, options) {
    await this.refusing.down();
    await this.take(plan, options);
    await this.refusing.up();
  }

  /** The same while there is no network, until that has been noticed and something else has happened. */
  async takeOffline(plan, meets = [], happen = async () => undefined) {
    await this.ask("begin", "offline");
    const waiting = this.takeRefused(plan, { meets: ["offline", ...meets] });
    await this.ask("recorded", [this.sessions(plan), "OFFLINE"]);
    await happen();
    await this.ask("end", "offline");
    await waiting;
  }

  /** The engine traps while every read waits for the tenant, whose answer comes too late. */
  async trapWhile(plan) {
    const tenants = [this.tenant, this.refusing];
    const lost = this.take(plan, { meets: ["trapped"] });
    while (tenants.reduce((sum, { holding }) => sum + holding, 0) < this.faults.length)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await this.trap();
    await lost;
    for (const tenant of tenants) tenant.release();
  }

  async trap() {
    this.#kept = await this.ask("trails");
    assert.equal(await this.ask("trap"), "WASM_TRAP");
  }

  /** Each call came to what it had to, and every attempt has one record, which says what the tenant gave. */
  async check() {
    const everywhere = (name) => Promise.all(this.#pages.map((page) => this.ask(name, undefined, page)));
    const [trails, seen] = [[this.#kept, ...(await everywhere("trails"))], await everywhere("seen")];
    for (const fault of this.faults) {
      const { host, name } = fault;
      const trail = trails.flatMap((part) => part[host] ?? []);
      const book = (fault.refuses ? this.refusing : this.tenant).book(host);
      const taken = this.#taken.filter((call) => call.host === host);
      let struck = 0;
      for (const { session, what } of taken) {
        assert.equal(what, this.#comesTo(fault, session), `${name}: ${session}`);
        const requests = seen.reduce((sum, { sent }) => sum + (sent[`${host} ${session}`] ?? 0), 0);
        const arrived = requests - (this.met.offline.has(session) ? 1 : 0);
        // Where connections are refused nobody sees them.
        const attempts = book.met[session] ?? Array(arrived).fill("fault");
        assert.equal(arrived, attempts.length, `${name}: ${session}`);
        struck += attempts.filter((step) => step === "fault").length;
        const records = trail.filter((record) => record.action === "read" && record.sessionId === session);
        assert.deepEqual(
          records.map(({ outcome }) => outcome),
          this.#records(fault, session, attempts),
          `${name}: ${session}`,
        );
      }
      assert.ok(struck > 0 || !fault.code, `${name} never struck`);
      const outcomes = (action) => trail.filter((record) => record.action === action).map(({ outcome }) => outcome);
      assert.deepEqual(
        outcomes("token").sort(),
        book.tokens.map((what) => (what === "fault" ? fault.code : "OK")).sort(),
        name,
      );
      const read = taken.filter(({ what }) => what === 42).map(({ session }) => session);
      const stored = read.filter((session) => !this.met.unstored.has(session));
      assert.deepEqual(book.delivered, stored, `${name}: each that was stored is delivered once`);
      assert.deepEqual(
        outcomes("webhook").sort(),
        read.map((session) => (stored.includes(session) ? "OK" : "STORAGE_UNAVAILABLE")).sort(),
        name,
      );
    }
  }

  /** What a call has to come to. */
  #comesTo(fault, session) {
    if (this.met.trapped.has(session)) return "WASM_TRAP";
    const [first, then = first] = stepsOf(session);
    const fails = then === "fault" || (first === "fault" && fault.then === "Ends");
    return fails ? fault.code : 42;
  }

  /** The outcomes of a call's attempts. */
  #records(fault, session, attempts) {
    const records = attempts.map((step) => {
      if (step !== "fault") return "OK";
      return fault.token ? "UNAUTHENTICATED" : fault.code;
    });
    // The attempt that gets no token does not leave.
    if (fault.token && attempts.includes("fault")) records.push(fault.code);
    if (this.met.offline.has(session)) records.unshift("OFFLINE");
    if (this.met.trapped.has(session)) records.splice(attempts.length > 0 ? -1 : records.length, 1, "WASM_TRAP");
    return records;
  }
}

/** Nobody is there to answer once and refuse then, and what ends at its first fault is never held after it. */
function planFor(fault, plan) {
  if (fault.refuses) return plan.replace("fault>", "");
  return fault.then === "Ends" ? plan.replace("fault>held", "held") : plan;
}

/** Takes what is good before all faults, or after them, and waits until that is delivered. */
async function takeGood(lane, name, options) {
  await lane.take(`good~${name}`, options);
  await lane.drained(options);
}

const ABORTED_BY = { aborted: "by the page", overQuota: "QuotaExceededError" };

describe("R12: beside every fault of a request", { concurrency: 3 }, () => {
  const beside = (name, run, options) =>
    test(name, { timeout: 120_000 }, async (context) => {
      const lane = await Lane.open(context, WITH_REQUESTS, options);
      await run(lane);
      await lane.check();
      pairs += WITH_REQUESTS.length;
    });

  beside("IndexedDB aborts", async (lane) => {
    await takeGood(lane, "first");
    await lane.ask("begin", "aborted");
    await lane.takeRefused("fault");
    await lane.take("fault>good", { meets: ["unstored"] });
    await lane.take("good", { meets: ["unstored"] });
    await lane.ask("end", "aborted");
    await takeGood(lane, "last");
    assert.deepEqual((await lane.ask("seen")).aborted, [ABORTED_BY.aborted]);
  });

  beside(
    "IndexedDB is over its quota",
    async (lane) => {
      await takeGood(lane, "first");
      await lane.takeRefused("fault");
      await lane.take("fault>large", { meets: ["unstored"] });
      await lane.take("large", { meets: ["unstored"] });
      await takeGood(lane, "last");
      assert.deepEqual((await lane.ask("seen")).aborted, [ABORTED_BY.overQuota]);
    },
    { isFull: true },
  );

  beside(
    "IndexedDB is blocked",
    async (lane) => {
      await lane.take("good~first");
      // A delivery that finds its receiver away twice waits for five minutes.
      await lane.drained({ durable: false });
      await lane.takeRefused("fault");
      await lane.take("fault>good");
      await lane.take("good");
      await lane.drained({ durable: false });
      await lane.ask("end", "blocked");
      await lane.ask("reopen");
      await takeGood(lane, "last");
    },
    { isBlocked: true },
  );

  beside(
    "the tab that leads is frozen",
    async (lane) => {
      await takeGood(lane, "leads", { page: lane.leader });
      await takeGood(lane, "first");
      await lane.frozen(async () => {
        await lane.takeRefused("fault");
        await lane.take("fault>good");
      });
      await takeGood(lane, "last");
      await takeGood(lane, "last of the one that leads", { page: lane.leader });
    },
    { leads: true },
  );

  beside("the engine traps", async (lane) => {
    await takeGood(lane, "first");
    await lane.takeRefused("fault");
    await lane.trapWhile("fault>held-good~trap");
    await takeGood(lane, "next");
    await lane.takeRefused("fault~anew");
    await takeGood(lane, "last");
  });

  beside("there is no network", async (lane) => {
    await takeGood(lane, "first");
    await lane.takeRefused("fault");
    // Else some would ask for a token first.
    await takeGood(lane, "before");
    await lane.takeOffline("fault~offline");
    await takeGood(lane, "last");
  });
});

const FAULTS = ["aborted", "overQuota", "blocked", "frozen", "trap", "offline"];

/** Two faults of a browser strike: one call has both where that can be, else both are there and strike one call after the other. */
async function strike(lane, has) {
  const take = (plan, ...meets) => (has("offline") ? lane.takeOffline(plan, meets) : lane.take(plan, { meets }));
  if (has("blocked")) {
    await take("good~blocked");
    await lane.drained({ durable: false });
    // Whoever has memory only is not in the way of a store.
    if (has("aborted") || has("overQuota")) await unblock(lane);
  }
  if (has("aborted")) {
    await take("good~aborted", "unstored");
    if (has("overQuota")) await lane.ask("end", "aborted");
  }
  if (has("overQuota")) await take("large", "unstored");
  if (has("trap") && has("offline")) await lane.takeOffline("good~trap", ["trapped"], () => lane.trap());
  else if (has("trap")) await lane.trapWhile("held-good~trap");
  else if (has("frozen") && has("offline")) await take("good~offline");
}

async function unblock(lane) {
  await lane.ask("end", "blocked");
  await lane.ask("reopen");
}

describe("R12: beside each other", { concurrency: 4 }, () => {
  for (const [number, one] of FAULTS.entries()) {
    for (const other of FAULTS.slice(number + 1)) {
      test(`${one}, ${other}`, { timeout: 60_000 }, async (context) => {
        const has = (name) => name === one || name === other;
        const lane = await Lane.open(context, WITHOUT_REQUESTS, {
          leads: has("frozen"),
          isFull: has("overQuota"),
          isBlocked: has("blocked"),
        });
        await lane.take("good~first");
        await lane.drained({ durable: !has("blocked") });
        if (has("aborted")) await lane.ask("begin", "aborted");
        if (has("frozen")) await lane.frozen(() => strike(lane, has));
        else await strike(lane, has);
        await lane.ask("end", "aborted");
        if (has("blocked") && !has("aborted") && !has("overQuota")) await unblock(lane);
        await takeGood(lane, "last");
        if (has("frozen")) await takeGood(lane, "last of the one that leads", { page: lane.leader });
        await lane.check();
        const aborted = FAULTS.filter(has).flatMap((name) => ABORTED_BY[name] ?? []);
        assert.deepEqual((await lane.ask("seen")).aborted, aborted);
        pairs += 1;
      });
    }
  }
});
