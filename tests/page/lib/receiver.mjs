/** A receiver of webhooks that fails by chance, and what it can say of all that it got. */
import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";

/** Of those that fail some say when to come back, and some break the connection. */
const FAILURES = [500, 503, 429, 404, "broken"];
/** The pauses of the schedule grow to hours, and a sender that passes over them looks into its store once a minute. */
const MOST_FAILURES = 3;

export class Receiver {
  /** Every attempt, in the order in which they came. */
  attempts = [];
  /** Numbers of sessions that were taken. */
  taken = new Set();
  #verifier;
  #random;
  #share;
  #failures = new Map();

  /** `share`: of attempts, that fail. Nothing fails more than three times. */
  constructor({ secret, share, random }) {
    this.#verifier = new Webhook(secret, { format: "raw" });
    this.#random = random;
    this.#share = share;
  }

  /** What to answer. `life`: how often the sender had been killed. */
  take({ endpoint, life, headers, body }) {
    const number = Number(this.#verify(headers, body).session_id);
    const failures = this.#failures.get(number) ?? 0;
    const failed = this.#random() < this.#share && failures < MOST_FAILURES;
    if (failed) this.#failures.set(number, failures + 1);
    const answer = failed ? FAILURES[Math.floor(this.#random() * FAILURES.length)] : 204;
    this.attempts.push({ endpoint, life, number, id: headers["webhook-id"], body, failed });
    if (!failed) this.taken.add(number);
    return answer;
  }

  /** Its sender's clock runs ahead, so that it is judged by that clock. */
  #verify(headers, body) {
    const real = Date.now;
    Date.now = () => Number(headers["webhook-timestamp"]) * 1_000;
    try {
      return Object(this.#verifier.verify(body, headers));
    } finally {
      Date.now = real;
    }
  }

  /**
   * One id for each session and one body for each id; the order of each endpoint; and nothing that was taken comes again, unless
   * its sender was killed before it had noted so. Gives how often that happened.
   */
  check(endpoints) {
    const ids = new Map();
    const bodies = new Map();
    for (const { number, id, body } of this.attempts) {
      assert.equal(ids.get(number) ?? id, id, `two ids of ${number}`);
      assert.equal(bodies.get(id) ?? body, body, `two bodies of ${number}`);
      ids.set(number, id);
      bodies.set(id, body);
    }
    assert.equal(new Set(ids.values()).size, ids.size);
    return endpoints.reduce((sum, endpoint) => sum + this.#checkOrder(endpoint), 0);
  }

  #checkOrder(endpoint) {
    let again = 0;
    let before = { number: -1, life: -1, failed: true };
    for (const attempt of this.attempts.filter((each) => each.endpoint === endpoint)) {
      assert.ok(attempt.number >= before.number, `${attempt.number} after ${before.number}`);
      if (attempt.number === before.number && !before.failed) {
        assert.notEqual(attempt.life, before.life, `${attempt.number} came again while its sender lived`);
        again += 1;
      }
      before = attempt;
    }
    return again;
  }
}
