/**
 * The workers of a page: one for each URL, shared by all elements, ended when the last of them lets go.
 */
import { type Remote, wrap } from "comlink";
import type { HostApi, HostFactory } from "../../worker/protocol.js";
import { startWorker } from "./trusted-worker.js";

/** Where the worker comes from: the host's own worker, its URL, or (absent) the file beside the element. */
export type WorkerSource = Worker | URL | undefined;

interface Pooled {
  worker: Worker;
  factory: Remote<HostFactory>;
  users: number;
  failed: Promise<never>;
}

const pool = new Map<string | Worker, Pooled>();

/** A host in a shared worker, and the means to let go of it. */
export interface Lease {
  host: HostApi;
  release(): void;
}

/** The worker cannot be started. */
export class WorkerFailure extends Error {
  /** Where its file was looked for, without a query; `undefined` for a worker of the host's own. */
  readonly address: string | undefined;

  constructor(address: string | undefined) {
    super("The worker could not be started.");
    this.address = address?.split(/[?#]/, 1)[0]?.slice(0, 300);
  }
}

/** Opens a host. Rejects with a {@link WorkerFailure} where the worker cannot be started. */
export async function leaseHost(source: WorkerSource): Promise<Lease> {
  const key = source instanceof URL ? source.href : (source ?? "");
  const pooled = pool.get(key) ?? start(key, source);
  pooled.users += 1;
  const release = once(() => letGo(key, pooled));
  try {
    const host = await Promise.race([pooled.factory.open(), pooled.failed]);
    // Comlink's own type allows for every kind of value; the host's methods only take and give plain data.
    return { host: host as unknown as HostApi, release };
  } catch (error) {
    release();
    throw error;
  }
}

function start(key: string | Worker, source: WorkerSource): Pooled {
  let address: string | undefined;
  let worker: Worker;
  try {
    worker = source instanceof Worker ? source : startWorker(source, (url) => (address = url));
  } catch {
    throw new WorkerFailure(address);
  }
  const failed = new Promise<never>((_, reject) => {
    const fail = (event: Event): void => {
      event.preventDefault();
      pool.delete(key);
      reject(new WorkerFailure(address));
    };
    worker.addEventListener("error", fail, { once: true });
  });
  failed.catch(() => undefined);
  const pooled = { worker, factory: wrap<HostFactory>(worker), users: 0, failed };
  pool.set(key, pooled);
  return pooled;
}

function letGo(key: string | Worker, pooled: Pooled): void {
  pooled.users -= 1;
  if (pooled.users > 0) return;
  if (pool.get(key) === pooled) pool.delete(key);
  // A worker that the host made is the host's to end.
  if (pooled.worker !== key) pooled.worker.terminate();
}

function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}
