/** The debugger that outlives its engine: where that has broken down, it is made anew in the next one, with an empty audit trail. */
import * as core from "./core.js";
import { requireEngine } from "./engine.js";
import { current, invalid, notA, orLost } from "./trap.js";

export class SessionDebugger {
  #options;
  #inner;
  #engine = current();
  /** Sessions whose calls were lost; `undefined` where there is none to name. */
  #lost = [];

  constructor(options) {
    this.#options = options;
    this.#inner = new core.SessionDebugger(options);
  }

  #ask(name, ...args) {
    requireEngine();
    if (this.#engine !== current() && this.#options) this.#renew();
    return this.#inner[name](...args);
  }

  #renew() {
    this.#inner = new core.SessionDebugger(this.#options);
    this.#engine = current();
    for (const session of this.#lost.splice(0)) this.#inner.noteBreakdown(session);
  }

  #wait(promise, session) {
    return orLost(promise, () => this.#lost.push(session));
  }

  #iterate(items, session) {
    // What throws at once rejects, as of any asynchronous iterator.
    const again = (name) => async () => this.#wait(items[name](), session);
    return {
      next: again("next"),
      return: again("return"),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  // Who is given a promise looks there for what went wrong.
  async snapshot(query, options) {
    return this.#wait(this.#ask("snapshot", query, options), query?.sessionId);
  }

  snapshots(queries, options) {
    return this.#iterate(this.#ask("snapshots", queries, options));
  }

  watch(query, options) {
    return this.#iterate(this.#ask("watch", query, options), query?.sessionId);
  }

  ingest(body, options) {
    return this.#ask("ingest", body, options);
  }

  async outbox() {
    return orLost(this.#ask("outbox"));
  }

  async replay() {
    return orLost(this.#ask("replay"));
  }

  dropToken() {
    this.#ask("dropToken");
  }

  reveal(snapshot, entry, options) {
    return this.#ask("reveal", snapshot, entry, options);
  }

  allowReveals(reveal) {
    // Nothing would be the default, which allows them.
    if (reveal == null) throw invalid("Say with true, false or an object whether hidden values may be shown.");
    const before = this.#options;
    // Whatever becomes of this engine, the next one is made with them.
    this.#options = { ...before, reveal };
    try {
      this.#ask("allowReveals", reveal);
    } catch (error) {
      if (/_INVALID$/.test(error?.code)) this.#options = before;
      throw error;
    }
  }

  continueFrom(earlier) {
    if (!(earlier instanceof SessionDebugger)) throw notA("SessionDebugger");
    // The trail of an engine that has broken down went with it.
    if (earlier.#engine === current()) this.#ask("continueFrom", earlier.#inner);
  }

  metrics() {
    return this.#ask("metrics");
  }

  auditTrail() {
    return this.#ask("auditTrail");
  }

  async deliveries() {
    return orLost(this.#ask("deliveries"));
  }

  async storedAuditTrail(options) {
    return orLost(this.#ask("storedAuditTrail", options));
  }

  auditCheckpoint() {
    return this.#ask("auditCheckpoint");
  }

  free() {
    this.#options = undefined;
    // What stood in an engine that has broken down is gone already.
    if (this.#engine === current()) this.#inner.free();
  }
}

// Not everywhere there is such a symbol.
if (Symbol.dispose) SessionDebugger.prototype[Symbol.dispose] = SessionDebugger.prototype.free;
