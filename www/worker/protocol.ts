/**
 * What the page and the engine say to each other. Everything here can be copied between threads.
 */
import type {
  AuditRecord,
  CopyForm,
  DebuggerOptions,
  ErrorCode,
  Explanation,
  Metrics,
  Misread,
  Progress,
  Row,
  RowsWindow,
  TokenAnswer,
  ValueNode,
  VariableQuery,
} from "../entry/index.js";

/** Why a call failed, as data: an `Error` loses its fields on the way between threads. */
export interface Fault {
  /** The engine's code, or one of the three that only a page can meet. */
  code: ErrorCode | "WASM_BLOCKED" | "WORKER_BLOCKED" | "STALE";
  message: string;
  retryable: boolean;
  status?: number;
  attempts?: number;
  retryAfterMs?: number;
  path?: string;
  offset?: number;
  requestId?: string;
  problem?: string;
  /** What the host's own function threw. */
  cause?: Cause;
}

/** The host's error, as far as it can be copied. */
export interface Cause {
  name: string;
  message: string;
}

/** The outcome of a call. */
export type Answer<T> = { value: T } | { fault: Fault };

/** The debugger's options without the parts that are functions. */
export interface ConnectOptions extends Omit<DebuggerOptions, "token" | "source"> {
  /** The token endpoint's absolute URL. */
  tokenUrl?: string;
  /** Ask {@link Callbacks.token} for tokens. */
  tokenCallback?: boolean;
  /** Ask {@link Callbacks.source} for bodies. */
  sourceCallback?: boolean;
}

/** What the engine asks the page for. `call` names the request so that {@link Callbacks.abort} can end it. */
export interface Callbacks {
  token(call: number, reason: "initial" | "expiring" | "rejected"): Promise<TokenAnswer>;
  source(call: number, query: VariableQuery): Promise<unknown>;
  abort(call: number): void;
}

/** What a snapshot says of itself. */
export interface SnapshotSummary {
  /** Names the snapshot in later calls. */
  id: number;
  sessionId: string;
  takenAt: number;
  size: number;
  entryCount: number;
  unreadableCount: number;
  complete: boolean;
  /** The name of the file that it was opened from, where it was. */
  file?: string;
}

/** A window of rows, and how many there would be without the filter. */
export interface RowsAnswer {
  total: number;
  unfiltered: number;
  rows: Row[];
  /** What of the filter was taken for a text. */
  misread?: Misread[];
}

/** A row, and where it stands in a view. */
export interface Place {
  index: number;
  row: Row;
}

/** A piece of a text. */
export interface TextPiece {
  text: string;
  total: number;
  offset: number;
}

/** What is put on the clipboard, and whether a rule hid something of it. */
export interface Copied {
  text: string;
  masked: boolean;
}

/** The engine as one element sees it. */
export interface HostApi {
  /** Starts the engine without a tenant. */
  start(): Promise<Answer<{ version: string }>>;
  connect(options: ConnectOptions, callbacks: Callbacks | undefined): Promise<Answer<{ version: string }>>;
  load(query: VariableQuery, onProgress: (progress: Progress) => void): Promise<Answer<SnapshotSummary>>;
  /** Opens a saved file; a load that is under way is cancelled. */
  open(file: ArrayBuffer): Promise<Answer<SnapshotSummary>>;
  cancel(): Promise<void>;
  rows(snapshot: number, window: RowsWindow): Promise<Answer<RowsAnswer>>;
  locate(snapshot: number, window: RowsWindow, name: string, scope: string): Promise<Answer<Place | undefined>>;
  children(
    snapshot: number,
    entry: number,
    path: number[],
    window: { offset: number; limit: number },
  ): Promise<Answer<{ total: number; nodes: ValueNode[] }>>;
  text(
    snapshot: number,
    entry: number,
    path: number[],
    window: { offset: number; limit: number },
  ): Promise<Answer<TextPiece>>;
  /** Of each text, whether a rule hides it. */
  hides(texts: readonly string[]): Promise<Answer<boolean[]>>;
  /** The snapshot as a document, masked. */
  save(snapshot: number, form: "file" | "markdown" | "csv" | "json" | "ndjson"): Promise<Answer<string>>;
  /** A part of a value or the way to it, masked. */
  copy(snapshot: number, entry: number, path: number[], form: CopyForm): Promise<Answer<Copied | undefined>>;
  explain(snapshot: number, name: string): Promise<Answer<Explanation | undefined>>;
  metrics(): Promise<Answer<Metrics | undefined>>;
  audit(): Promise<Answer<AuditRecord[]>>;
  release(snapshot: number): Promise<void>;
  close(): Promise<void>;
}

/** What a worker offers: one host for each element. */
export interface HostFactory {
  open(): HostApi | Promise<HostApi>;
}
