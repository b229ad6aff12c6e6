/**
 * What the tabs of one origin share: locks, a channel, and the store of what is still to be sent and of what was done. The engine loads this
 * file when it first needs it; nothing is decided here. Where a part is missing, it is `undefined`.
 */

const DATABASE = "cognigy-session-debugger";
/** A database that another program blocks may never open. */
const OPEN_MS = 3_000;
/** A browser that cannot read its disk for a moment is asked again after so many ms. */
const REOPEN_MS = [100, 1_000];
/** What it says then. */
const PASSING = ["UnknownError", "AbortError"];
/** A database that the browser closes under a transaction says so within so many ms of its failure. */
const CLOSE_MS = 100;
/** A transaction behind one of a tab that hangs may never be done: it is given up after so many ms. */
const TRANSACTION_MS = 10_000;
const MOST_LINES = 10_000;

/** What ends each lock and each channel that the engine has. */
const held = new Set();

/** Gives all of it back: the engine has broken down, and will not. */
export function abandon() {
  for (const end of held) end();
}

/** Aborted with a signal of the engine, or when all is given back. */
function untilAbandoned(signal) {
  const either = new AbortController();
  const end = () => {
    held.delete(end);
    either.abort();
  };
  held.add(end);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return either.signal;
}

/** Waits for a lock, and holds it until the signal is aborted. `waited`: somebody else held it at first. */
export async function lock(name, asked) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const signal = untilAbandoned(asked);
  const take = (options) =>
    new Promise((resolve, reject) => {
      const given = (lock) => {
        resolve(lock !== null);
        return lock && ended(signal);
      };
      locks.request(name, options, given).catch(reject);
    });
  const free = await take({ ifAvailable: true });
  if (!free) await take({ signal });
  return { waited: !free };
}

const ended = (signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve, { once: true });
  });

/** Joins a channel. `hear` is called with a text, or with nothing when the page is about to be closed. */
export function join(name, hear) {
  if (typeof BroadcastChannel !== "function") return undefined;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    if (typeof data === "string") hear(data);
  };
  // A page that is kept for coming back to is not closed.
  const tell = ({ persisted }) => {
    if (!persisted) hear();
  };
  globalThis.addEventListener?.("pagehide", tell);
  // Node would not end while the channel is open.
  channel.unref?.();
  const leave = () => {
    held.delete(leave);
    globalThis.removeEventListener?.("pagehide", tell);
    channel.close();
  };
  held.add(leave);
  return { say: (word) => channel.postMessage(word), leave };
}

/** One signature for each key, as Standard Webhooks writes them. */
export async function sign(keys, text) {
  const bytes = new TextEncoder().encode(text);
  const signatures = keys.map(async (key) => {
    const { name } = key.algorithm;
    const signature = new Uint8Array(await crypto.subtle.sign(name, key, bytes));
    return `${name === "HMAC" ? "v1" : "v1a"},${btoa(String.fromCharCode(...signature))}`;
  });
  return (await Promise.all(signatures)).join(" ");
}

/** Opens the store; `undefined` where there is none or the browser refuses it. */
export async function openStore() {
  try {
    await database();
    return { append, heads, body, commit, lines, note, used };
  } catch {
    return undefined;
  }
}

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function database() {
  opened ??= openInsisting().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function openInsisting() {
  for (const ms of REOPEN_MS) {
    try {
      return await open();
    } catch (error) {
      if (!PASSING.includes(error?.name)) throw error;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  return open();
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    let late = false;
    setTimeout(() => {
      late = true;
      reject(new Error("The database does not open."));
    }, OPEN_MS);
    request.onupgradeneeded = () => {
      for (const table of ["heads", "bodies", "notes"]) request.result.createObjectStore(table);
      request.result.createObjectStore("log", { autoIncrement: true });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      // Nobody waits for it any more; whoever asks next opens another.
      if (late) return db.close();
      const forget = () => {
        opened = undefined;
        db.close();
      };
      db.onclose = forget;
      db.onversionchange = forget;
      resolve(db);
    };
  });
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Acts in one transaction, which is on the disk when the promise is kept. */
async function transact(mode, act) {
  const db = await database();
  try {
    return await actOn(db, mode, act);
  } catch (error) {
    // What the browser has closed meanwhile, since somebody cleared what the site has stored, opens anew; nothing was written.
    await new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
    const again = await database();
    if (again === db) throw error;
    return actOn(again, mode, act);
  }
}

async function actOn(db, mode, act) {
  const transaction = db.transaction(["heads", "bodies", "notes", "log"], mode, { durability: "strict" });
  const over = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."));
  });
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, TRANSACTION_MS, new Error("The transaction takes too long."));
  });
  try {
    const [result] = await Promise.race([late, Promise.all([act((table) => transaction.objectStore(table)), over])]);
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It is over already.
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Numbers and sizes of all records; no note of the engine has an empty name. */
const TOTALS = "";
const totals = async (table) => (await answer(table("notes").get(TOTALS))) ?? { number: 0, records: 0, bytes: 0 };

const append = (list, head, body, size, mostRecords, mostBytes) =>
  transact("readwrite", async (table) => {
    const { number, records, bytes } = await totals(table);
    if (records >= mostRecords || bytes + size > mostBytes) return undefined;
    const next = number + 1;
    table("heads").put({ head, size }, [list, next]);
    table("bodies").put(body, next);
    table("notes").put({ number: next, records: records + 1, bytes: bytes + size }, TOTALS);
    return next;
  });

const heads = (list, most) =>
  transact("readonly", async (table) => {
    const range = IDBKeyRange.bound([list, 0], [list, Infinity]);
    const [keys, values] = await Promise.all([
      answer(table("heads").getAllKeys(range, most)),
      answer(table("heads").getAll(range, most)),
    ]);
    return keys.map(([, number], index) => [number, values[index].head]);
  });

const body = (number) => transact("readonly", (table) => answer(table("bodies").get(number)));
const lines = () => transact("readonly", (table) => answer(table("log").getAll()));
const note = (name) => transact("readonly", (table) => answer(table("notes").get(name)));
const used = () => transact("readonly", totals);

const changes = {
  async head(table, list, number, to, head) {
    const record = await answer(table("heads").get([list, number]));
    if (!record) return;
    table("heads").delete([list, number]);
    table("heads").put({ head, size: record.size }, [to, number]);
  },
  async remove(table, list, number) {
    const record = await answer(table("heads").get([list, number]));
    if (!record) return;
    table("heads").delete([list, number]);
    table("bodies").delete(number);
    const before = await totals(table);
    const after = { ...before, records: before.records - 1, bytes: before.bytes - record.size };
    table("notes").put(after, TOTALS);
  },
  async log(table, line) {
    const number = await answer(table("log").add(line));
    table("log").delete(IDBKeyRange.upperBound(number - MOST_LINES));
  },
  async note(table, name, text) {
    if (text === undefined) table("notes").delete(name);
    else table("notes").put(text, name);
  },
  expect: async (table, name, text) => (await answer(table("notes").get(name))) === text,
  async line(table, list, number, head) {
    table("heads").put({ head, size: 0 }, [list, number]);
  },
  async trim(table, list, to) {
    table("heads").delete(IDBKeyRange.bound([list, 0], [list, to]));
  },
};

/** Each change is the name of what to do, and its arguments. One that gives `false` ends them, and stands before all others. */
const commit = (list) =>
  transact("readwrite", async (table) => {
    for (const [name, ...args] of list) if ((await changes[name](table, ...args)) === false) return false;
    return true;
  });
