/**
 * One element's way to the engine: in a worker where the page allows it, else in the page.
 */
import { proxy, transfer } from "comlink";
import type { HistoryOptions, Progress, VariableQuery } from "../../entry/index.js";
import { answer, toFault } from "../../worker/fault.js";
import type {
  Answer,
  Callbacks,
  Cause,
  ConnectOptions,
  Fault,
  HostApi,
  Other,
  Protection,
  SnapshotSummary,
} from "../../worker/protocol.js";
import { watchPolicy } from "./policy-watch.js";
import { type Lease, leaseHost, WorkerFailure, type WorkerSource } from "./worker-pool.js";

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

/** Why a call failed, whatever was thrown. */
export function faultOf(error: unknown): Fault {
  return error instanceof EngineFailure ? error.fault : toFault(error);
}

/** The value of an answer; throws {@link EngineFailure}. */
export function unwrap<T>(answer: Answer<T>): T {
  if ("fault" in answer) throw new EngineFailure(answer.fault);
  return answer.value;
}

export class EngineLink {
  readonly host: HostApi;
  readonly kind: "worker" | "page";
  readonly #lease: Lease | undefined;

  private constructor(host: HostApi, lease: Lease | undefined) {
    this.host = host;
    this.kind = lease ? "worker" : "page";
    this.#lease = lease;
  }

  /** Opens the engine and takes the options, if there are any. Throws {@link EngineFailure}. */
  static open(
    source: WorkerSource,
    protection: Protection,
    options: ConnectOptions | undefined,
    callbacks: Callbacks | undefined,
  ): Promise<{ link: EngineLink; place: EnginePlace }> {
    return watchPolicy(async (violated) => {
      const inWorker = await openInWorker(source);
      if ("lease" in inWorker) {
        const link = new EngineLink(inWorker.lease.host, inWorker.lease);
        const started = await link.#start(protection, options, callbacks);
        if ("value" in started) return { link, place: { kind: "worker", version: started.value.version } };
        link.close();
        if (started.fault.code !== "WASM_BLOCKED") throw new EngineFailure(started.fault);
      }
      // Hardly any page needs it, so it is loaded only now.
      const inPage = await answer(async () => (await import("../../worker/in-page.js")).openInPage());
      if ("fault" in inPage) throw new EngineFailure(whyNot(inPage.fault, undefined, inWorker));
      const link = new EngineLink(inPage.value, undefined);
      const started = await link.#start(protection, options, callbacks);
      // Not before: a violation is told later than the worker's failure.
      const directive = "lease" in inWorker ? "script-src of the worker" : nameDirective(violated);
      if ("fault" in started) throw new EngineFailure(whyNot(started.fault, directive, inWorker));
      const refused = directive ?? ("address" in inWorker ? inWorker.address : undefined) ?? "Worker";
      return { link, place: { kind: "page", version: started.value.version, refused } };
    });
  }

  /** Nothing is read before it is said what is hidden. */
  async #start(
    protection: Protection,
    options: ConnectOptions | undefined,
    callbacks: Callbacks | undefined,
  ): Promise<Answer<{ version: string }>> {
    const answer = await this.host.protect(protection);
    return "fault" in answer ? answer : this.connect(options, callbacks);
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

  async load(
    query: VariableQuery,
    keep: HistoryOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<SnapshotSummary> {
    return unwrap(await this.host.load(query, keep, this.#lease ? proxy(onProgress) : onProgress));
  }

  /** Takes another session or a saved file to compare with. */
  async compareWithOther(other: VariableQuery | ArrayBuffer): Promise<Other> {
    const moved = this.#lease && other instanceof ArrayBuffer ? transfer(other, [other]) : other;
    return unwrap(await this.host.compareWithOther(moved));
  }

  /** Frees what the engine holds for this element. */
  close(): void {
    const done = (): void => this.#lease?.release();
    this.host.close().then(done, done);
  }
}

type InWorker = { lease: Lease } | { address: string | undefined };

async function openInWorker(source: WorkerSource): Promise<InWorker> {
  try {
    return { lease: await leaseHost(source) };
  } catch (error) {
    return { address: error instanceof WorkerFailure ? error.address : undefined };
  }
}

/** Why the engine runs nowhere: a policy is blamed only where it has refused something. */
function whyNot(fault: Fault, directive: string | undefined, inWorker: InWorker): Fault {
  if (!["WASM_BLOCKED", "WASM_NOT_LOADED", "INTERNAL"].includes(fault.code)) return fault;
  if (directive !== undefined) return fault.code === "WASM_BLOCKED" ? { ...fault, problem: directive } : fault;
  const from = "address" in inWorker && inWorker.address;
  const message = from ? `The worker could not be loaded from ${from}.` : "The host's own worker did not start.";
  return { code: "WORKER_BLOCKED", message, retryable: false };
}

/** The directive that refused the worker, where one did. */
function nameDirective(violated: ReadonlySet<string>): string | undefined {
  return ["worker-src", "trusted-types", "require-trusted-types-for", "script-src"].find((name) =>
    [...violated].some((directive) => directive.startsWith(name)),
  );
}
