/** The outbox in a real browser: what it has acknowledged outlives a kill at any moment, and how long a write takes. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { generator } from "../../benches/body.mjs";
import { OwnBrowser } from "./lib/own-browser.mjs";
import { startOrigin, textOf } from "./lib/own-origin.mjs";
import { Receiver } from "./lib/receiver.mjs";

/** 200 kills and 10,000 events take some minutes: `OUTBOX_KILLS=200`. */
const KILLS = Number(process.env.OUTBOX_KILLS ?? 30);
const EVENTS_A_LIFE = process.env.OUTBOX_KILLS ? 50 : 25;
const EVENTS = KILLS * EVENTS_A_LIFE;
const SEED = Number(process.env.OUTBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
const ENDPOINTS = ["a", "b"];
/** 30 % of all attempts, since nothing fails more than three times. */
const FAILING = 0.3065;
/** Requests of a life: one for each event, and its deliveries. A browser is killed after at most twice as many. */
const REQUESTS_A_LIFE = EVENTS_A_LIFE * (1 + 1 / (1 - FAILING));
const SECRET = Buffer.from("a secret that only tests may know");
const STALLED_MS = 60_000;
/** A file to which each delivery is appended as a line of JSON, so that others can verify it: `OUTBOX_DELIVERIES=file`. */
const DELIVERIES = process.env.OUTBOX_DELIVERIES;

/** Hands out numbers, notes what is acknowledged, and says when a browser has done so much that it is to be killed. */
class Driver {
  random = generator(SEED);
  receiver = new Receiver({ secret: SECRET, share: FAILING, random: generator(SEED + 1) });
  promised = new Set();
  /** Lives whose outbox said that its browser gave it no store. It has promised nothing. */
  inMemory = new Set();
  /** Lives that found nothing at all stored, though much had been: the browser has dropped its database. */
  emptied = [];
  /** What each life found stored, and what had been promised by then. */
  found = [];
  handedOut = 0;
  life = 0;
  /** The sender's clock never goes back, as that of a computer that is started again. */
  clockMs = Date.now();
  #left = Number.POSITIVE_INFINITY;
  #status = new Map();
  #moves = () => undefined;
  #dead = () => undefined;
  #fail = (error) => {
    throw error;
  };

  /** One life: ends when the browser has made so many requests, or has nothing left to do. */
  live(requests) {
    this.#left = requests;
    this.#status.clear();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`life ${this.life} stands still`)), STALLED_MS);
      this.#moves = () => timer.refresh();
      const ending = (end) => (value) => {
        clearTimeout(timer);
        end(value);
      };
      this.#dead = ending(resolve);
      this.#fail = ending(reject);
    });
  }

  answer(...asked) {
    // The last life has all that was left over to send, which may take long.
    this.#moves();
    this.#answer(...asked).catch((error) => this.#fail(error));
  }

  async #answer({ pathname, searchParams }, request, send, response) {
    const [, , what, endpoint] = pathname.split("/");
    // What is passed over is time, too: a claim of the life before would else be good for hours.
    this.clockMs = Math.max(this.clockMs, Number(searchParams.get("now")));
    if (what === "begin") return this.#begin(searchParams, send);
    if (what === "status") return this.#hear(endpoint, searchParams, send);
    if (what === "next") return this.#next(searchParams, send);
    const { life } = this;
    const body = await textOf(request);
    this.clockMs = Math.max(this.clockMs, Number(request.headers["webhook-timestamp"]) * 1_000);
    if (DELIVERIES) {
      const line = { secret: SECRET.toString("base64"), headers: request.headers, body, receivedMs: this.clockMs };
      appendFileSync(DELIVERIES, `${JSON.stringify(line)}\n`);
    }
    const answer = this.receiver.take({ endpoint, life, headers: request.headers, body });
    if (answer === "broken") response.destroy();
    else send(answer);
    this.#count();
  }

  #begin(parameters, send) {
    const stored = Number(parameters.get("stored"));
    this.found.push(`${this.life}: ${stored} of ${this.promised.size}`);
    if (stored < 0 && this.promised.size > 0) {
      this.emptied.push(this.life);
      this.promised = new Set([...this.promised].filter((number) => this.receiver.taken.has(number)));
    }
    send(200, JSON.stringify({ startMs: this.clockMs, secret: [...SECRET], endpoints: ENDPOINTS }));
  }

  #next(parameters, send) {
    if (parameters.get("durable") === "false") this.inMemory.add(this.life);
    else if (parameters.get("kept")) this.promised.add(Number(parameters.get("kept")));
    const number = this.handedOut < Math.min(EVENTS, (this.life + 1) * EVENTS_A_LIFE) ? this.handedOut : null;
    if (number !== null) this.handedOut += 1;
    send(200, JSON.stringify({ number }));
    if (number !== null) this.#count();
  }

  #hear(endpoint, parameters, send) {
    assert.equal(parameters.get("dead"), "0");
    this.#status.set(endpoint, Number(parameters.get("waiting")));
    send(200, "{}");
    if (ENDPOINTS.every((each) => this.#status.get(each) === 0)) this.#dead();
  }

  #count() {
    this.#left -= 1;
    if (this.#left <= 0) this.#dead();
  }
}

let driver;
let origin;
before(async () => {
  driver = new Driver();
  origin = await startOrigin((...args) => driver.answer(...args));
});
after(() => origin.stop());

test("R13: nothing that was acknowledged is lost when the browser is killed", {
  timeout: 1_800_000,
}, async (context) => {
  console.log(`R13: OUTBOX_SEED=${SEED}`);
  const browser = new OwnBrowser();
  context.after(() => browser.remove());
  const since = performance.now();
  for (; driver.life <= KILLS; driver.life++) {
    const requests = Math.ceil(driver.random() * 2 * REQUESTS_A_LIFE);
    const over = driver.live(driver.life < KILLS ? requests : Number.POSITIVE_INFINITY);
    browser.start(`${origin.address}/in-page/outbox-page.html`);
    await over;
    await browser.kill();
    // What it sent last belongs to this life, however late it is read.
    await origin.ended();
  }
  const { receiver, promised } = driver;
  const again = receiver.check(ENDPOINTS);
  const lost = [...promised].filter((number) => !receiver.taken.has(number));
  const [memory, emptied] = [driver.inMemory.size, driver.emptied.length];
  const story = `lives in memory: ${[...driver.inMemory]}; emptied: ${driver.emptied}; stored of promised by life: ${driver.found.join(", ")}`;
  assert.deepEqual(lost, [], story);
  assert.ok(memory + emptied <= 1, story);
  assert.equal(driver.handedOut, EVENTS);
  const unpromised = 2 * KILLS * ENDPOINTS.length + (memory + emptied) * 2 * EVENTS_A_LIFE;
  assert.ok(promised.size > EVENTS - unpromised, `${promised.size} acknowledged`);
  assert.ok(again <= KILLS * ENDPOINTS.length);
  const failed = receiver.attempts.filter((attempt) => attempt.failed).length;
  console.log(
    `R13: ${EVENTS} events, ${KILLS} kills in ${((performance.now() - since) / 1_000).toFixed(0)} s: ${promised.size} acknowledged, ${lost.length} lost (asked: 0; the browser ${emptied ? "dropped its database once" : "kept its database"}); ` +
      `${receiver.attempts.length} attempts, ${((100 * failed) / receiver.attempts.length).toFixed(1)} % failed, ${again} came twice, all verified by standardwebhooks, in order`,
  );
});
