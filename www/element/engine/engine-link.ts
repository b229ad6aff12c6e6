/**
 * One element's way to the engine: in a worker where the page allows it, else in the page.
 */
import { proxy, transfer } from "comlink";
import type { Progress, VariableQuery } from "../../entry/index.js";
import { EngineHost } from "../../worker/engine-host.js";
import { isWasmRefusal, toFault } from "../../worker/fault.js";
import type {
  Answer,
  Callbacks,
  Cause,
  ConnectOptions,
  Fault,
  HostApi,
  SnapshotSummary,
} from "../../worker/protocol.js";
import { watchPolicy } from "./policy-watch.js";
import { type Lease, leaseHost, type WorkerSource } from "./worker-pool.js";

/** Where the engine runs. `refused` says why it is not in a worker. */
export interface EnginePlace {
  kind: "worker" | "page";
  version: string;
  refused?: string;
}

/** A failed call. */
export class EngineFailure extends Error {
  override readonly name = "DebuggerError";
  readonly fault: Fault;
  readonly code: Fault["code"];
  readonly retryable: boolean;

  constructor(fault: Fault) {
    super(fault.message, fault.cause && { cause: hostError(fault.cause) });
    this.fault = fault;
    this.code = fault.code;
    this.retryable = fault.retryable;
  }
}

function hostError({ name, message }: Cause): Error {
  return Object.assign(new Error(message), { name });
}

/** The value of an answer; throws {@link EngineFailure}. */
export function unwrap<T>(answer: Answer<T>): T {
  if ("fault" in answer) throw new EngineFailure(answer.fault);
  return answer.value;
}

export class EngineLink {
  readonly host: HostApi;
  readonly kind: "worker" | "page";
  readonly refused: string | undefined;
  readonly #lease: Lease | undefined;

  private constructor(host: HostApi, lease: Lease | undefined, refused: string | undefined) {
    this.host = host;
    this.kind = lease ? "worker" : "page";
    this.refused = refused;
    this.#lease = lease;
  }

  /** Opens the engine and takes the options, if there are any. Throws {@link EngineFailure}. */
  static open(
    source: WorkerSource,
    options: ConnectOptions | undefined,
    callbacks: Callbacks | undefined,
  ): Promise<{ link: EngineLink; place: EnginePlace }> {
    return watchPolicy(async (violated) => {
      const inWorker = await openInWorker(source);
      if ("lease" in inWorker) {
        const link = new EngineLink(inWorker.lease.host, inWorker.lease, undefined);
        const answer = await link.connect(options, callbacks);
        if ("value" in answer) return { link, place: { kind: "worker", version: answer.value.version } };
        link.close();
        if (answer.fault.code !== "WASM_BLOCKED") throw new EngineFailure(answer.fault);
      }
      const refused = "lease" in inWorker ? "script-src of the worker" : nameDirective(violated, "worker-src");
      const link = new EngineLink(new EngineHost(() => import("../../entry/index.js")), undefined, refused);
      const answer = await link.connect(options, callbacks);
      if ("fault" in answer) throw new EngineFailure(answer.fault);
      return { link, place: { kind: "page", version: answer.value.version, refused } };
    });
  }

  /** Takes new options; snapshots stay. */
  connect(options: ConnectOptions | undefined, callbacks: Callbacks | undefined): Promise<Answer<{ version: string }>> {
    if (!options) return this.host.start();
    return this.host.connect(options, this.#lease && callbacks ? proxy(callbacks) : callbacks);
  }

  /** Opens a saved file. */
  async openFile(file: ArrayBuffer): Promise<SnapshotSummary> {
    return unwrap(await this.host.open(this.#lease ? transfer(file, [file]) : file));
  }

  async load(query: VariableQuery, onProgress: (progress: Progress) => void): Promise<SnapshotSummary> {
    return unwrap(await this.host.load(query, this.#lease ? proxy(onProgress) : onProgress));
  }

  /** Frees what the engine holds for this element. */
  close(): void {
    const done = (): void => this.#lease?.release();
    this.host.close().then(done, done);
  }
}

async function openInWorker(source: WorkerSource): Promise<{ lease: Lease } | { refused: Fault }> {
  try {
    return { lease: await leaseHost(source) };
  } catch (error) {
    return { refused: isWasmRefusal(error) ? toFault(error) : workerFault() };
  }
}

function workerFault(): Fault {
  return { code: "WORKER_BLOCKED", message: "The worker could not be started.", retryable: false };
}

function nameDirective(violated: ReadonlySet<string>, fallback: string): string {
  for (const name of ["worker-src", "trusted-types", "require-trusted-types-for", "script-src"]) {
    if ([...violated].some((directive) => directive.startsWith(name))) return name;
  }
  return fallback;
}
