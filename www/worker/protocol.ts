/**
 * What the page and the engine say to each other. Everything here can be copied between threads.
 */
import type {
  ArrangedRow,
  AuditRecord,
  ChangeKind,
  CopyForm,
  DebuggerOptions,
  TextPiece as DiffPiece,
  ErrorCode,
  Explanation,
  Grouping,
  HistoryOptions,
  HitPlace,
  HitSlice,
  ListMatch,
  MaskOptions,
  Metrics,
  Misread,
  Moment,
  Pin,
  Precedence,
  Progress,
  RevealOptions,
  Row,
  RowGroup,
  RowsWindow,
  Sought,
  TokenAnswer,
  ValueNode,
  ValueType,
  VariableQuery,
  Watchpoint,
} from "../entry/index.js";

/** Why a call failed, as data: an `Error` loses its fields on the way between threads. */
export interface Fault {
  /** The engine's code, or one of the two that only a page can meet. */
  code: ErrorCode | "WORKER_BLOCKED" | "STALE";
  message: string;
  retryable: boolean;
  status?: number;
  attempts?: number;
  retryAfterMs?: number;
  path?: string;
  offset?: number;
  requestId?: string;
  problem?: string;
  /** The names of an answer's members, where its shape is not known. */
  members?: readonly string[];
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

/** What stands between the session and whoever looks at the page. */
export interface Protection {
  /** `strict` hides telephone numbers too, and reveals nothing; `off` hides nothing of what is displayed. */
  mode: "on" | "strict" | "off";
  /** The host's rules, for what is displayed, saved and copied. Default: those of the connection. */
  rules: MaskOptions | undefined;
  /** Default: that of the connection. */
  reveal: boolean | RevealOptions | undefined;
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
  /** How many of these are the platform's own. */
  systemCount: number;
  entryCount: number;
  unreadableCount: number;
  complete: boolean;
  /** The name of the file that it was opened from, where it was. */
  file?: string;
  /** Its number among the reads that are kept. */
  moment?: number;
  /** What it met of what is watched. */
  watchHits?: WatchHit[];
  /** What it is compared with, where that is no earlier read of it. */
  other?: Other;
  /** What the webhook has not delivered, where it would be lost with the page. */
  atRisk?: AtRisk;
}

/** The entries of a webhook's outbox that was to outlive the page, and is in memory. */
export interface AtRisk {
  /** Still to be delivered. */
  waiting: number;
  /** Given up. */
  dead: number;
}

/** A snapshot of another session, or of a file. */
export interface Other {
  sessionId: string;
  takenAt: number;
}

/** A watchpoint's condition was met. */
export interface WatchHit {
  /** The watchpoint's number. */
  id: number;
  /** Of the snapshot, in ms since 1970. */
  takenAt: number;
}

/** What is shown of a snapshot. */
export interface TableView {
  filter: string;
  /** `order`, `changed`, or a column; a leading `-` reverses. */
  sort: string;
  /** Show variables that a higher scope hides. */
  shadowed: boolean;
  groupBy: Grouping;
  /** Variables that stay on top. */
  pins: readonly Pin[];
}

/** What identifies a row: the name outlives the snapshot, the number tells two of one name apart while it lasts. */
export type RowKey =
  | { group: RowGroup }
  | { name: string; scope?: string; path?: (string | number)[]; entry?: number; steps?: number[]; removed?: true };

/** The rows of the table as they are now. */
export interface TableHead {
  /** Rows of another version are not these. */
  version: number;
  /** Stays the same while rows are only opened and closed, as do the hits. */
  view: number;
  /** How many rows there are, those of groups, open values and what is gone included. */
  total: number;
  /** How many variables the filter lets through, those that are gone included, and how many there would be without it. */
  selected: number;
  unfiltered: number;
  /** What of the filter was taken for a text. */
  misread: Misread[];
  /** The texts that the filter looks for. */
  sought?: Sought;
  /** How many variables differ from the snapshot that changes are told by, where there is one. */
  changes?: ChangeCounts;
  /** Set while these are the first hits only, and the others are still searched for. */
  counting?: true;
  /** Where the row is that the call was about. */
  at?: number;
}

/** A row of the table. */
export type TableRow = ArrangedRow;

/** The first hits of a view that is still searched for: its first rows, as they will stand. */
export interface FirstHits extends Pick<TableHead, "misread" | "sought"> {
  rows: TableRow[];
}

/** How many variables are new, other and gone. */
export interface ChangeCounts {
  added: number;
  changed: number;
  removed: number;
}

/** What to do to a row. */
export type Turn = "expand" | "collapse" | "siblings";

/** Which hits are asked for. */
export interface HitsWindow {
  limit: number;
  after?: HitPlace;
  before?: HitPlace;
}

/** The reads of one query that are kept, the oldest first. */
export interface Moments {
  moments: Moment[];
  /** How many older ones were let go. */
  evicted: number;
}

/** A read in which a variable came, changed or went, masked. */
export interface PastValue {
  moment: Moment;
  /** What changed; empty where it came or went. */
  kinds: ChangeKind[];
  /** Absent where it is gone. */
  value?: { scope: string; type: ValueType; text: string; cut: boolean };
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
  /** Whether something of it is hidden. */
  masked: boolean;
}

/** What changed in a variable since the session was read before, masked. */
export interface Changes {
  /** When it was read before, in ms since 1970. */
  since: number;
  kinds: ChangeKind[];
  changes: Change[];
  lists: ListMatch[];
  /** Whether these are all. */
  complete: boolean;
}

/** A difference inside of a value. What is new has no `before`, what is gone no `after`. */
export interface Change {
  kinds: ChangeKind[];
  before: ChangedSide | undefined;
  after: ChangedSide | undefined;
  /** Where both are texts: word by word. */
  pieces: DiffPiece[] | undefined;
}

/** One side of a difference, as it is shown. */
export interface ChangedSide {
  path: (string | number)[];
  type: ValueType;
  text: string;
  /** Whether the text goes on. */
  cut: boolean;
}

/** What is put on the clipboard, and whether a rule hid something of it. */
export interface Copied {
  text: string;
  masked: boolean;
}

/** The engine as one element sees it. */
export interface HostApi {
  /** Says what is hidden, from now on, whatever the answer. Whatever is revealed is hidden again. */
  protect(protection: Protection): Promise<Answer<void>>;
  /** Starts the engine without a tenant. */
  start(): Promise<Answer<{ version: string }>>;
  connect(options: ConnectOptions, callbacks: Callbacks | undefined): Promise<Answer<{ version: string }>>;
  /** Reads a session; `keep` says how much is kept of its reads, from the first one on. */
  load(
    query: VariableQuery,
    keep: HistoryOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<Answer<SnapshotSummary>>;
  /** Opens a saved file; a load that is under way is cancelled. */
  open(file: ArrayBuffer): Promise<Answer<SnapshotSummary>>;
  cancel(): Promise<void>;
  /** The reads of the same query that are kept. */
  moments(): Promise<Answer<Moments>>;
  /** Opens one of them as a snapshot of its own. */
  openMoment(moment: number): Promise<Answer<SnapshotSummary>>;
  /** What became of a variable in the reads that are kept; without a scope of whatever its name resolved to. */
  past(name: string, scope: string | undefined): Promise<Answer<PastValue[]>>;
  /** Chooses the moment that changes are told by; without one it is that before the one that is shown. */
  compareWith(moment: number | undefined): Promise<void>;
  /** Chooses what another query or a saved file brings instead, until another session is shown. */
  compareWithOther(other: VariableQuery | ArrayBuffer): Promise<Answer<Other>>;
  /** Says of the last read what turn of the conversation it shows. `false` where none is kept. */
  label(turn: string | undefined): Promise<Answer<boolean>>;
  /**
   * Shows a snapshot in the table; `keep` is the row that has the keyboard. Another view, and {@link giveUpSearch}, make it `STALE`.
   * `onFirst` is given the first hits at most once, where the search for the others goes on.
   */
  arrange(
    snapshot: number,
    view: TableView,
    keep: RowKey | undefined,
    onFirst?: (first: FirstHits) => void,
  ): Promise<Answer<TableHead>>;
  /** Ends the search for a view that is not shown yet. */
  giveUpSearch(): Promise<void>;
  /** Some of the table's rows. */
  rows(version: number, offset: number, limit: number): Promise<Answer<TableRow[]>>;
  /** Opens or closes a row, or all that stand beside it. */
  turn(key: RowKey, how: Turn): Promise<Answer<TableHead>>;
  /** Opens what has to be open for a row to show; `at` is absent where it was not selected. */
  reveal(key: RowKey): Promise<Answer<TableHead>>;
  /** Where the row stands that a row is below of. */
  parent(key: RowKey): Promise<Answer<number | undefined>>;
  /** Goes to the next variable that changed, or to the one before; `at` is absent where there is none. */
  nextChange(key: RowKey | undefined, forward: boolean): Promise<Answer<TableHead>>;
  /** The variable's own row, of any row that is about one. */
  variable(entry: number): Promise<Answer<Row | undefined>>;
  /** The hits of the table's filter. */
  hits(view: number, window: HitsWindow): Promise<Answer<HitSlice>>;
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
  /** The snapshot as a document, masked: all of it, or what a window selects, which a file does not take. */
  save(
    snapshot: number,
    form: "file" | "markdown" | "csv" | "json" | "ndjson",
    window: RowsWindow | undefined,
  ): Promise<Answer<string>>;
  /** A part of a value or the way to it, masked. */
  copy(snapshot: number, entry: number, path: number[], form: CopyForm): Promise<Answer<Copied | undefined>>;
  /** Why a name has its value; by another rule than the snapshot's own, where one is given. */
  explain(
    snapshot: number,
    name: string,
    rule: Precedence | undefined,
    /** Whether it is handed on, and so masked whatever is displayed. */
    handOn?: boolean,
  ): Promise<Answer<Explanation | undefined>>;
  /** What changed since the same query was read before; `undefined` where it was not. */
  changes(snapshot: number, name: string, scope: string): Promise<Answer<Changes | undefined>>;
  /** Watches a variable or a part of it, from what a snapshot shows on. */
  watch(watchpoint: Watchpoint, snapshot: number | undefined): Promise<Answer<{ id: number; hits: WatchHit[] }>>;
  unwatch(id: number): Promise<void>;
  /** Shows something hidden for a while, on the record; gives how long, in ms. What the host prevents is recorded as refused. */
  unmask(
    snapshot: number,
    entry: number,
    path: number[],
    why: { reason: string | undefined; prevented: boolean },
  ): Promise<Answer<number>>;
  /** Hides again whatever is revealed. */
  hide(): Promise<void>;
  /** As it was told with the last load: `undefined` where nothing is at risk. */
  outboxAtRisk(): Promise<Answer<AtRisk | undefined>>;
  /** Forgets the token, in every tab. */
  dropToken(): Promise<Answer<void>>;
  metrics(): Promise<Answer<Metrics | undefined>>;
  audit(): Promise<Answer<AuditRecord[]>>;
  release(snapshot: number): Promise<void>;
  close(): Promise<void>;
}

/** What a worker offers: one host for each element. */
export interface HostFactory {
  open(): HostApi | Promise<HostApi>;
}
