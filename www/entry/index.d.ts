/// <reference lib="esnext.disposable" />
/// <reference lib="dom" />

/**
 * Inspect the variables of a bot session from any JavaScript program: a page, a worker or Node.
 *
 * Call {@link init} once, then parse what you have with {@link Snapshot.parse} or fetch it with
 * {@link SessionDebugger}.
 *
 * @packageDocumentation
 */

import type { AuditCheckpoint } from "./audit.js";
import type { DiffValueOptions, PatchOptions, SnapshotDiff, ValueDiff } from "./differences.js";
import type { HandOnOptions, Mask, MaskChoice, MaskCount, MaskedValue, RevealOptions } from "./mask.js";

export * from "./adapters.js";
export * from "./arrangement.js";
export * from "./audit.js";
export * from "./differences.js";
export * from "./history.js";
export * from "./mask.js";
export * from "./presets.js";
export * from "./watchpoints.js";

/** Where the engine's WebAssembly comes from. Without it, the file beside the entry is used. */
export type InitInput =
  | string
  | URL
  | Request
  | Response
  | BufferSource
  | WebAssembly.Module
  | Promise<Response | BufferSource | WebAssembly.Module>;

/**
 * Loads the engine. May be called any number of times; a failed load may be tried again.
 *
 * @param input Where the WebAssembly comes from. Default: `cognigy_session_debugger_bg.wasm` beside the entry.
 * @throws `DebuggerError` never; rejects with the platform's own error when the file cannot be loaded or compiled.
 * @example
 * import init, { version } from "cognigy-session-debugger";
 * await init();
 * console.log(version());
 */
export default function init(input?: InitInput): Promise<void>;

/**
 * The version of the package, as in `package.json`.
 *
 * @example
 * import init, { version } from "cognigy-session-debugger";
 * await init();
 * version() satisfies string;
 */
export function version(): string;

/**
 * Gets the engine ready for its first body while that is on its way: works on a small body of its own until the platform has
 * compiled what a load runs, and takes memory for `bytes` (default: none), in steps of a few milliseconds between which others
 * have their turn. `SessionDebugger` does so by itself; this is for programs that fetch bodies themselves.
 *
 * @throws Rejects with a `DebuggerError`, `INPUT_INVALID`, where `bytes` is no whole number. More than a body may have is
 * not taken.
 * @example
 * import init, { Snapshot, warmUp } from "cognigy-session-debugger";
 * await init();
 * const [response] = await Promise.all([fetch("/variables.json"), warmUp({ bytes: 5_000_000 })]);
 * Snapshot.parse(await response.arrayBuffer());
 */
export function warmUp(options?: { bytes?: number }): Promise<void>;

/** Which variables of which session. */
export interface VariableQuery {
  /** The session's id. Sent as one path segment; `""`, `"."` and `".."` are refused. At most 256 bytes of UTF-8. */
  sessionId: string;
  /** Only names that the tenant matches against this text. At most 1,024 bytes. Default: all names. */
  name?: string;
  /** Only this scope. Default: all scopes. */
  scope?: string;
  /** Ask for system variables too. Default: `false`. */
  includeSystem?: boolean;
  /**
   * Whose session it is, for tenants where a session id is one user's only. Default: not sent. Refused where neither the path nor
   * {@link QueryParameters} has a place for it. At most 256 bytes of UTF-8.
   */
  userId?: string;
}

/** What the parts of a query are called in the URL: a plain word, or `null` where the tenant has no such parameter. */
export interface QueryParameters {
  /** Default: `"name"`. With `null` a query with a name is refused, rather than answered with all names. */
  name?: string | null;
  /** Default: `"scope"`. With `null` a query with a scope is refused. */
  scope?: string | null;
  /** Sent as `true`. Default: `"includeSystem"`. With `null` system variables come as the tenant sees fit. */
  includeSystem?: string | null;
  /** Default: `null`. Not sent where the path holds `{userId}`. */
  userId?: string | null;
}

/**
 * The URL that answers a query.
 *
 * @param baseUrl The tenant: https (http on loopback), without user info, query or fragment.
 * @param options `path` is the route with `{sessionId}` in it. Default: `/api/v2/botsessions/{sessionId}/variables`.
 * `parameters` names the parts of the query as the tenant does.
 * @throws {@link DebuggerError} `CONFIG_INVALID` for the base URL, path or parameters, `INPUT_INVALID` for the query.
 * @example
 * import init, { buildVariablesUrl } from "cognigy-session-debugger";
 * await init();
 * buildVariablesUrl("https://tenant.example", { sessionId: "a/b", scope: "user" });
 * // "https://tenant.example/api/v2/botsessions/a%2Fb/variables?scope=user"
 */
export function buildVariablesUrl(
  baseUrl: string,
  query: VariableQuery,
  options?: { path?: string; parameters?: QueryParameters },
): string;

/**
 * A language that a path can be written in:
 *
 * - `json-pointer` (RFC 6901) and `json-path` (RFC 9535's normalised paths) lead from the variable's value;
 * - `javascript` leads from an object that has the variable as a member, and begins with a bracket where the name is no identifier;
 * - `expression` is what a flow reads, `{{context.cart.total}}`; there is none for scopes other than `input`, `context`, `profile`.
 */
export type PathDialect = "json-pointer" | "json-path" | "javascript" | "expression";

/**
 * The way to a part of a variable's value, to be pasted where it is needed.
 *
 * @returns `undefined` where the dialect has no words for it.
 * @throws {@link DebuggerError} `INPUT_INVALID` for an unknown dialect, a missing name, or a path that is no list of names and positions.
 * @example
 * import init, { pathText } from "cognigy-session-debugger";
 * await init();
 * const place = { name: "cart", scope: "context", path: ["items", 0, "unit price"] };
 * pathText("json-pointer", place); // "/items/0/unit price"
 * pathText("json-path", place); // "$['items'][0]['unit price']"
 * pathText("javascript", place); // 'cart.items[0]["unit price"]'
 * pathText("expression", place); // '{{context.cart.items[0]["unit price"]}}'
 */
export function pathText(
  dialect: PathDialect,
  place: { name: string; scope?: string; path?: readonly (string | number)[] },
): string | undefined;

/** What a value is, in the words of JSON Schema. */
export type ValueType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/**
 * Which readings of a text are allowed.
 *
 * - `lossless` (default for rows of text): only where writing the typed value back gives the same text.
 * - `reference`: the rules of Python's `int`, `float` and JSON, as the tutorial's client applies them.
 * - `json`: a scalar as JSON writes it, without space around it, or a whole document; else the text.
 * - `none`: a text stays a text (default where the shape carries typed JSON).
 */
export type CoercionPolicy = "lossless" | "reference" | "json" | "none";

/** Why a text was not read as a type, or what its reading would lose. */
export type NoteCode =
  | "leading-zero"
  | "plus-sign"
  | "negative-zero"
  | "surrounding-space"
  | "digit-grouping"
  | "foreign-digits"
  | "exponent"
  | "bare-point"
  | "trailing-zero"
  | "precision"
  | "overflow"
  | "non-finite"
  | "letter-case"
  | "json-string"
  | "too-deep"
  | "declared-type-not-met"
  | "declared-type-unknown";

/** A remark about a reading. */
export interface ReadingNote {
  code: NoteCode;
  /** One sentence for people. Contains no part of the value. */
  message: string;
  /** What the text would read as under the `reference` policy, where that differs. `text` is the value written out. */
  wouldBe?: { type: ValueType; text: string };
}

/** The typed interpretation of a text. */
export interface Reading {
  /** The value. Integers outside ±(2^53−1) are `BigInt`; objects never carry a name into a prototype. */
  value: unknown;
  type: ValueType;
  /** The text that was read, unchanged. */
  raw: string;
  note?: ReadingNote;
}

/**
 * Reads a text as a typed value.
 *
 * @param options `policy`: default `"lossless"`. `declaredType`: what the data says the value is, in JSON Schema's or
 * Python's words; `string` keeps the text.
 * @throws {@link DebuggerError} `INPUT_INVALID` for an unknown policy or option.
 * @example
 * import init, { coerce } from "cognigy-session-debugger";
 * await init();
 * coerce("42").value; // 42
 * coerce("007").value; // "007", and the note says that it would read as 7
 */
export function coerce(text: string, options?: { policy?: CoercionPolicy; declaredType?: string }): Reading;

/**
 * How variables of one name are resolved.
 *
 * - `layered` (default for variable rows): global < bot < session < user, an unknown scope lowest, the first of equals
 *   wins.
 * - `side-by-side` (default for all other shapes): no winner; the same name is shown once per scope. Namespaces are looked
 *   at in the order input, context, profile, default.
 * - a list of scopes, lowest first: layered in that order.
 */
export type Precedence = "layered" | "side-by-side" | readonly string[];

/**
 * How the bytes of a body are laid out. Looked for in this order, unless an option names one:
 *
 * - `variable-rows`: the tutorial's `{variables: [{name, value, scope, type?}], pagination?}`.
 * - `snapshot`: what {@link Snapshot.toJsonText} writes, `{session_id, variables: {name: {value, scope, type}}}`, and what a
 *   webhook carries.
 * - `contact-profile`: `{profile, contactIds, _id}`; with `schema: {field: type}` beside it, the types are declared.
 * - `profile-schema`: `{schema, details}`. A variable is a field, its value the type, its scope `profile-schema`.
 * - `flow`: `{context, referenceId}`. Its context has the scope `default`.
 * - `session-state`: what the platform stores of a session; `context` is an object or a text that holds one.
 * - `debug-event`: `{context}`, `{profile}` or `{input}`, with `sessionId`.
 * - `memory-bundle`: `{input, context, profile, state, sessionId, userId}` or `{ci, cc, cp}`; each namespace an object or a
 *   text that holds one (`contextJson`).
 * - `conversation`: `{items: [message, …]}` or one message as `items`. Messages are named by position and source: `3.bot` is
 *   the whole, `3.bot.inputText` and `3.bot.inputData` are in it; scope `input` or `output`. An empty list is one, unless the
 *   option or the page before says otherwise.
 * - `profile-list`: `{items: [profile, …]}`. Of several contacts each has a scope of its own, `profile:<contact id>`.
 * - `log-page`: a project's log, `{items: [{msg, meta, traceId}, …]}`. Entries are named by position and type: `3.debug` is the
 *   whole, `3.debug.msg` and `3.debug.meta` are in it; scope `record`. Messages that are JSON are read.
 * - `hal`: `{_embedded: {relation: [resource, …]}}`; contacts as in a list, all else named like messages.
 * - `output`: `{text, data, outputStack}`. Members of `data` have the scope `output`, those of the stack `output.1` and so
 *   on; a memory bundle in `data.__debug` is read as one, an object or a text that holds one.
 * - `request-log`: what a node that asks a model posts to a webhook, `{meta, request, response}`. Members of `request` and
 *   `response` have these scopes, other data that is logged with them `custom`; a memory bundle anywhere among the members is
 *   read as one, an object or a text that holds one.
 * - `odata-rows`: `{value: [row, …]}`, named like messages. Texts that hold JSON are read.
 * - `plain-object`: any object, as variables of the scope `context`. Never guessed.
 *
 * What stands beside a namespace is a system variable of the scope `session`, `contact`, `flow`, `reply`, `meta` or `snapshot`, and
 * of `contact:<contact id>` and `reply.1` where there are several. Beside a list (`variables`, `items`, `value`, `_embedded`) only
 * what names the session, leads to the next page or counts the items is used, and nothing is kept.
 */
export type Shape =
  | "variable-rows"
  | "snapshot"
  | "contact-profile"
  | "profile-schema"
  | "flow"
  | "session-state"
  | "debug-event"
  | "memory-bundle"
  | "conversation"
  | "profile-list"
  | "log-page"
  | "hal"
  | "output"
  | "request-log"
  | "odata-rows"
  | "plain-object";

/** How much of everything a body may hold. Beyond a limit the whole body is refused, but for `depth`. */
export interface Limits {
  /** Bytes of all pages together. Default: 64 MiB; at most 1 GiB. Beyond: `BODY_TOO_LARGE`. */
  bodyBytes?: number;
  /** Bytes of one value. Default: 16 MiB. Beyond: `VALUE_TOO_LARGE`. */
  valueBytes?: number;
  /** Variables of all pages together. Default: 200,000. Beyond: `TOO_MANY_VARIABLES`. */
  variables?: number;
  /** Levels of nesting in one value. Default: 512, which is also the most. A deeper value stays a text, with the note `too-deep`. */
  depth?: number;
}

/**
 * What the platform put in the place of a value.
 *
 * - `masked-by-platform`: nothing but asterisks.
 * - `overflow`: the error object that stands where a value was too large.
 */
export type Origin = "masked-by-platform" | "overflow";

/** How a body becomes a snapshot. */
export interface SnapshotOptions {
  /** The session that the body belongs to. Default: what the body says, else `""`. */
  sessionId?: string;
  /** Default: the shape's own, `lossless` for variable rows and for texts that hold JSON in analytics, else `none`. */
  policy?: CoercionPolicy;
  /** Default: the shape's own, `layered` for variable rows, else `side-by-side`. */
  precedence?: Precedence;
  /** Default: detected. A body of another one is a `SCHEMA_MISMATCH`. */
  shape?: Shape;
  limits?: Limits;
  /**
   * Makes rows of a body of the caller's own shape. Given what the body holds, its integers outside ±(2^53−1) as `BigInt`;
   * what it or its iterator throws is the cause of a `SOURCE_FAILED`. What is no list of rows, and a row that JSON cannot hold
   * (a circle, a getter that throws), is an `INPUT_INVALID`, and what breaks the limit of variables a `TOO_MANY_VARIABLES`. A row of
   * wrong kinds is an unreadable row.
   *
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"vars":{"age":42}}', {
   *   map: (body) => {
   *     const { vars } = body as { vars: Record<string, unknown> };
   *     return Object.entries(vars).map(([name, value]) => ({ name, value, scope: "session" }));
   *   },
   * });
   * snapshot.get("age")?.value; // 42
   */
  map?: (body: unknown) => Iterable<VariableRow>;
}

/** One of the tutorial's rows. */
export interface VariableRow {
  name: string;
  /** Anything that JSON can hold, or a `BigInt`. What JSON cannot hold becomes what `JSON.stringify` makes of it: `NaN` is `null`. */
  value: unknown;
  scope: string;
  /** What the value is, in JSON Schema's or Python's words. */
  type?: string;
  isSystem?: boolean;
}

/** One variable of a snapshot. */
export interface Variable {
  name: string;
  /** The reading, or the typed value as it came. */
  value: unknown;
  /** What came: the text itself where the value was a text, else its JSON source. */
  raw: string;
  /** Whether `raw` is a text or JSON source. */
  rawKind: "text" | "json";
  type: ValueType;
  scope: string;
  isSystem: boolean;
  note?: ReadingNote;
  /** Absent where the value is the flow's own. */
  origin?: Origin;
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** What happened to one scope's variable when its name was resolved. */
export type CandidateStatus = "wins" | "hidden" | "unknown-scope" | "duplicate" | "shown" | "not-set" | "not-loaded";

/** One scope in an explanation, highest first. */
export interface Candidate {
  scope: string;
  /** Place in the order of precedence, from 0; −1 for an unknown scope. */
  rank: number;
  status: CandidateStatus;
  /** The scope that hides this one. */
  hiddenBy?: string;
  /** Where the variable stood; when it was fetched, {@link Snapshot.takenAt} says. */
  provenance?: Provenance;
  /** What a flow writes to read it: only where nothing wins, and for `input`, `context` and `profile`. */
  expression?: string;
  /** Absent where the scope does not have the name. */
  raw?: string;
  type?: ValueType;
  /** The typed value, shortened for display. */
  text?: string;
  /** The row's id, for {@link Snapshot.children}. */
  entry?: number;
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** Why a name has the value that it has. */
export interface Explanation {
  /** The name of the rule, for example `layered/highest-scope-wins`. */
  rule: string;
  /** Raised when the rule of this name comes to decide differently. */
  ruleVersion: number;
  /** The scopes that the rule knows, highest first. */
  order: string[];
  /** Whether the rule is not the snapshot's own. */
  whatIf: boolean;
  /** Absent side by side, where nothing wins. */
  winner?: Candidate;
  candidates: Candidate[];
  /** Whether the scopes that have the name have equal values, however spelled; absent where only one has it. */
  values?: "equal" | "different";
  /** What makes the answer less certain than it looks. */
  warnings: ExplanationWarning[];
  /** A few words for people, warnings included. They never hold a value. */
  sentence: string;
}

/** Where a variable stood in what was fetched. */
export interface Provenance {
  /** The page, from 1. */
  page: number;
  /** The place among the page's items, from 0, unreadable ones included. */
  position: number;
}

/**
 * What a warning is about: the system flag is a guess from the name; equal values came as different texts; other names
 * differ only by letter case, space or Unicode form (compared in the form NFKC); another scope won in the earlier
 * snapshot; not all scopes were loaded.
 */
export type ExplanationWarningCode =
  | "system-guessed"
  | "same-value-other-text"
  | "similar-names"
  | "winner-changed"
  | "loaded-scopes-only";

/** One thing to be wary of in an explanation. */
export interface ExplanationWarning {
  code: ExplanationWarningCode;
  /** A sentence for people, without values and without other names. */
  message: string;
  /** The scopes whose text differs, or the one that won before; else empty. */
  scopes: string[];
  /** The names that are similar, at most eight, in order of first appearance; else empty. */
  names: string[];
}

/** How a name is explained. */
export interface ExplainOptions {
  /** What if this rule held? The snapshot stays as it is. Default: the snapshot's own. */
  precedence?: Precedence;
  /** A snapshot taken before, to tell whether another scope won then. Default: nothing is compared. */
  earlier?: Snapshot;
  /** What hides values, and names and scopes that look like secrets; the name may be one that it has shown. Default: `false`. */
  mask?: MaskChoice;
}

/**
 * How rows are sorted; a leading `-` reverses. `order` is the order of first appearance; `name` is the natural order, `n2` before
 * `n10`, in any letter case and with `_` in front last; `changed` is what changed since `earlier`, then what is new, then the rest.
 */
export type Sort = SortKey | `-${SortKey}`;
export type SortKey = "order" | "name" | "scope" | "type" | "size" | "changed";

/** A part of the rows of a snapshot. */
export interface RowsWindow {
  /** First row, from 0. Default: 0. */
  offset?: number;
  /** At most so many rows. Default: 100, at most 1,000. */
  limit?: number;
  /**
   * Only rows that pass this search. Words have to stand in the name, in the value, or, like `items[0].price`, in the path to a part
   * of it, in any letter case (Unicode's simple folding), escaped or not; quotes keep spaces and signs as they are (`"a b"`, in them
   * `\"` and `\\`) and ask no paths, a minus in front excludes, and fields ask for a part:
   *
   * - `name:` `value:` `path:` contain a text, `=` is one, `!=` is none, `~` is like one with `*` for anything; a path is written
   *   `cart.items[0].price`; `value>` `>=` `<` `<=` compare numbers, exactly;
   * - `scope:` is a scope, `type:` a type, `note:` has a {@link ReadingNote} (`yes`, `no`, or a part of its code);
   * - `size>1kb` compares what came, in `b`, `kb`, `mb` (1,000);
   * - `system:` `shadowed:` `unreadable:` `masked:` `changed:` `added:` `removed:` are `yes` or `no`; the last four need `mask` and
   *   `earlier`. Of `removed:yes` the rows are those of `earlier` whose variables are gone, in {@link Snapshot.rows} alone; what was not
   *   asked for, or not read to its end, is not said to be gone.
   *
   * `|` stands between values of a field: `scope:user|session`. What cannot be read is a text, and told as `misread`. Default: all.
   */
  filter?: string;
  /** What `changed:` and `added:` in the filter, the sort `changed` and {@link Row.change} compare with. Default: nothing has changed. */
  earlier?: Snapshot;
  /** What these rules hide is neither shown nor found; {@link Row.masked} says so. Default: `false`, rows come as they are. */
  mask?: MaskChoice;
  /** Default: `order`. */
  sort?: string;
  /** Only this scope. Default: all. */
  scope?: string;
  /** Show system variables. Default: `true`. */
  system?: boolean;
  /** Show variables that a higher scope hides. Default: `false`. */
  shadowed?: boolean;
}

/** Where a hit stands: its row among those that pass the search, and its number in the row, both from 0. */
export interface HitPlace {
  row: number;
  hit: number;
}

/** Something that a search found. */
export interface Hit extends HitPlace {
  /** {@link Row.entry}. */
  entry: number;
  /** What of the variable; `key` is a member's name, `row` the whole, where no part was asked for more than another. */
  where: "name" | "scope" | "type" | "note" | "size" | "path" | "value" | "key" | "row";
  /** With `path`, `value` and `key`: the positions that lead down to the part, as {@link Snapshot.children} takes them. */
  steps: number[];
}

/** Which hits are asked for, in which rows. */
export interface HitsOptions extends Omit<RowsWindow, "offset" | "limit" | "filter"> {
  /** At most so many hits. Default: 50, at most 1,000. `0` counts. */
  limit?: number;
  /** Only what follows this place. Default: from the first one on. */
  after?: HitPlace;
  /** Only what comes before this place, the nearest first. Instead of `after`; a place behind all rows begins at the end. */
  before?: HitPlace;
}

/** Some of the hits of a search. */
export interface HitSlice {
  hits: Hit[];
  /** How many there are in what was looked at: as many as `hits`, or with `limit: 0` those that were counted. */
  count: number;
  /** Where to go on, as `after` (or `before`, when going backwards); absent where everything has been looked at. */
  rest?: HitPlace;
}

/** A part of a filter that looks like a field, cannot be read as one, and was taken for a text. */
export interface Misread {
  /** Where it begins in the filter, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
  /** What is wrong with it. */
  why: string;
}

/** What a table shows of one variable. Texts are shortened for display; the whole is in {@link Snapshot.text}. */
export interface Row {
  /** Identifies the row within its snapshot. */
  entry: number;
  name: string;
  scope: string;
  /** Place of the scope in the order of precedence, from 0; −1 for an unknown scope. */
  rank: number;
  /** `unreadable` where the item could not be read; then `problem` says why. */
  type: ValueType | "unreadable";
  /** The typed value as shown: numbers in their own spelling, containers as a preview. At most 200 characters. */
  text: string;
  truncated: boolean;
  /** What came, where it differs from what is shown: the text of a re-read value, with its own spelling. */
  raw?: string;
  note?: ReadingNote;
  /** Absent where the value is the flow's own. */
  origin?: Origin;
  isSystem: boolean;
  /** Whether the data said so or the name begins with `_`. */
  systemSource: "declared" | "name";
  /** How many variables this one hides. */
  hides: number;
  /** Whether another variable hides this one. */
  hidden: boolean;
  /** Bytes of the value in the body; where something of it is masked, the fewest of its size class: 0, 64 or 4,096. */
  size: number;
  /** Members of an object, elements of an array. */
  childCount?: number;
  problem?: Problem;
  /**
   * What became of it since {@link RowsWindow.earlier}; absent without one, and where it is the same. A row that is `removed` is one of
   * that snapshot: {@link entry} is its number there.
   */
  change?: "added" | "changed" | "removed";
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** Why an item could not be read. */
export interface Problem {
  /** One sentence for people. */
  reason: string;
  /** JSON path in its page. */
  path: string;
  /** Byte offset in its page, from 0. */
  offset: number;
  /** The page, from 1. */
  page: number;
}

/** One member of an object or element of an array. */
export interface ValueNode {
  /** Position among its siblings, from 0; the step of a path. */
  ordinal: number;
  /** The member's name; absent in arrays. */
  key?: string;
  type: ValueType;
  /** The value as shown, in its own spelling. At most 200 characters. */
  text: string;
  truncated: boolean;
  /** Bytes in the body; where something of it is masked, the fewest of its size class. */
  size: number;
  /** Members or elements; absent for scalars. */
  childCount?: number;
  /** Set where the object has this name more than once: `JSON.parse` keeps the last. */
  duplicate?: "kept" | "dropped";
  /** What a number of JavaScript loses of this one: `precision` or `overflow`. */
  note?: ReadingNote;
  /** Absent where the value is the flow's own. */
  origin?: Origin;
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** A value, or a part of one, as {@link Snapshot.at} and {@link queryJsonPath} find it. */
export interface ValuePart {
  /** The value, as in {@link Reading.value}. */
  value: unknown;
  type: ValueType;
  /** Its JSON source exactly as it came; of a whole variable that is a text, the text. */
  raw: string;
  /** {@link Row.entry} of the variable. */
  entry: number;
  /** The path as positions among siblings, for {@link Snapshot.children} and {@link Snapshot.text}. */
  steps: number[];
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/**
 * All variables of one session at one moment, resolved. Immutable.
 *
 * Its memory is given back by {@link Snapshot.free}, by `using`, or in time by the garbage collector.
 */
export class Snapshot {
  private constructor();

  /**
   * Reads a body.
   *
   * @throws {@link DebuggerError} `JSON_SYNTAX`, `SHAPE_UNKNOWN`, `BODY_EMPTY`, `BODY_TOO_LARGE` and
   * the other codes of a body that cannot be read at all. One bad item is a row of its own instead.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"age","value":"42","scope":"user"}]}');
   * snapshot.get("age")?.value; // 42
   */
  static parse(body: Uint8Array | ArrayBuffer | string, options?: SnapshotOptions): Snapshot;

  readonly sessionId: string;
  /** When the snapshot was complete, in milliseconds since 1970. */
  readonly takenAt: number;
  /** How many different names. */
  readonly size: number;
  /** How many variables in all scopes, hidden ones included. */
  readonly entryCount: number;
  readonly unreadableCount: number;
  /**
   * `false` where pages are missing, or fewer items came than the data says there are (`total`, `pagination.total`). What the data
   * says does not count where the query leaves something out: by `name`, `scope` or `userId`, or without `includeSystem: true`.
   */
  readonly complete: boolean;
  readonly shape: Shape;

  /** The names that have a winner (side by side: all names), in order of first appearance. */
  names(): string[];

  /**
   * One variable.
   *
   * @param scope Default: the winner; side by side the first in the rule's order of scopes.
   */
  get(name: string, scope?: string, options?: { mask?: MaskChoice }): Variable | undefined;

  /**
   * A part of a variable's value, exact: at the end of a path of names and positions, or `undefined` where there is
   * none. Of a name that an object has more than once, the last counts, as in `JSON.parse`.
   *
   * @param path From the value down; `[]` is the value itself.
   * @param scope Default: the winner, as in {@link Snapshot.get}.
   * @throws {@link DebuggerError} `INPUT_INVALID` where the path holds something else than texts and whole numbers.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"items":[{"price":1.10}]},"scope":"user"}]}');
   * snapshot.at("cart", ["items", 0, "price"])?.raw; // "1.10"
   */
  at(
    name: string,
    path: readonly (string | number)[],
    scope?: string,
    options?: { mask?: MaskChoice },
  ): ValuePart | undefined;

  /**
   * Why a name has its value, or `undefined` where no scope has the name.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used, as an earlier snapshot that was freed.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const rows = '{"name":"lang","value":"de","scope":"bot"},{"name":"lang","value":"ar","scope":"user"}';
   * const snapshot = Snapshot.parse(`{"variables":[${rows}]}`);
   * snapshot.explain("lang")?.sentence; // "user (rank 3) wins over bot (rank 1)."
   * snapshot.explain("lang", { precedence: ["user", "bot"] })?.winner?.scope; // "bot"
   * const earlier = Snapshot.parse('{"variables":[{"name":"lang","value":"de","scope":"bot"}]}');
   * for (const { code, message } of snapshot.explain("lang", { earlier })?.warnings ?? []) {
   *   console.log(code, message); // "winner-changed", "In the earlier snapshot, bot (rank 1) won."
   * }
   *
   * // Side by side nothing wins, and each namespace has the words that read it in a flow.
   * const bundle = Snapshot.parse('{"input":{"id":7},"context":{"id":"7"},"profile":{}}', { shape: "memory-bundle" });
   * const explanation = bundle.explain("id");
   * explanation?.values; // "different"
   * explanation?.candidates.flatMap(({ expression }) => expression ?? []); // ["input.id", "context.id"]
   */
  explain(name: string, options?: ExplainOptions): Explanation | undefined;

  /**
   * A window of the rows.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"total":21.5},"scope":"user"}]}');
   * snapshot.rows({ filter: "path:cart.total scope:user|session -type:string" }).total; // 1
   * snapshot.rows({ filter: "size>large" }).misread?.[0]?.why; // "A size is a number with …"
   * const next = Snapshot.parse('{"variables":[{"name":"cart","value":{"total":9},"scope":"user"}]}');
   * next.rows({ earlier: snapshot, sort: "changed", filter: "changed:yes" }).rows[0]?.change; // "changed"
   */
  rows(window?: RowsWindow): { total: number; rows: Row[]; misread?: Misread[]; masked?: MaskCount[] };

  /**
   * Where the row of a variable stands among all rows of a window, from 0, wherever the window begins and however long it is;
   * `undefined` where it is not among them. Without a scope it is the variable that the name resolves to.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const rows = '{"name":"b","value":1,"scope":"user"},{"name":"a","value":2,"scope":"user"}';
   * Snapshot.parse(`{"variables":[${rows}]}`).position("b", undefined, { sort: "name" }); // 1
   */
  position(name: string, scope?: string, window?: RowsWindow): number | undefined;

  /**
   * The hits of a search (as in {@link RowsWindow.filter}), one by one and in the order of the rows: in names, scopes and so on, and in
   * every part of every value, whether or not anybody has opened it. What a minus excludes is no hit.
   *
   * A slice ends when it has `limit` hits, or after a mebibyte of values, so that no call takes long. With `limit: 0` it only counts.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"note":"for the cart"},"scope":"user"}]}');
   * const [first] = snapshot.hits("cart", { limit: 1 }).hits; // { entry: 0, where: "name", row: 0, hit: 0, steps: [] }
   * const [next] = snapshot.hits("cart", { limit: 1, after: first }).hits; // where: "value", steps: [0]
   * const [previous] = snapshot.hits("cart", { limit: 1, before: next }).hits; // the first again
   *
   * let slice = snapshot.hits("cart", { limit: 0 });
   * let count = slice.count;
   * while (slice.rest) {
   *   slice = snapshot.hits("cart", { limit: 0, after: slice.rest });
   *   count += slice.count;
   * }
   */
  hits(search: string, options?: HitsOptions): HitSlice;

  /**
   * The members or elements of a value.
   *
   * @param entry {@link Row.entry}.
   * @param path Positions from the value down, for example `[2, 0]`. Default: the value itself.
   * @throws {@link DebuggerError} `INPUT_INVALID` where there is no such place, or `mask` hides what it is in.
   */
  children(
    entry: number,
    path?: number[],
    window?: { offset?: number; limit?: number; mask?: MaskChoice },
  ): { total: number; nodes: ValueNode[] };

  /**
   * The whole text of a value or of a part of it: a text itself, anything else its JSON source. In pieces, since a value
   * can be large.
   *
   * @param window `offset` and `limit` count characters (UTF-16 units). Default limit: 4,096.
   */
  text(
    entry: number,
    path?: number[],
    window?: { offset?: number; limit?: number; mask?: MaskChoice },
  ): { text: string; total: number; offset: number; masked: boolean };

  /**
   * What changed since an earlier snapshot, or what is another in that of another session. Compares winners; where both stand side
   * by side each scope's own variable, and then a name stands in `added` or `removed` once for each scope in which it is new or gone.
   *
   * @example
   * import type { Snapshot } from "cognigy-session-debugger";
   * function compare(sessionA: Snapshot, sessionB: Snapshot) {
   *   const { added, removed, changed, unchangedCount } = sessionB.diff(sessionA);
   *   console.log("only in A:", removed, "only in B:", added, "the same:", unchangedCount);
   *   for (const { name, before, after, kinds } of changed) console.log(name, kinds, before.raw, after.raw);
   * }
   */
  diff(earlier: Snapshot, options?: HandOnOptions): SnapshotDiff;

  /**
   * Where the value of a variable differs from that in an earlier snapshot, or in one of another session. `undefined` where neither
   * has the variable.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for options that are not known or of another kind.
   * @example
   * import { Snapshot } from "cognigy-session-debugger";
   * const turn = (cart: string) => Snapshot.parse(`{"variables":[{"name":"cart","value":${cart},"scope":"user"}]}`);
   * const [earlier, later] = [turn('[{"id":1,"n":2},{"id":2,"n":1}]'), turn('[{"id":2,"n":3}]')];
   * const diff = later.diffValue(earlier, "cart");
   * diff?.lists; // [{ path: [], by: "key", key: "id" }]
   * for (const { kinds, before, after } of diff?.changes ?? []) {
   *   console.log(kinds, before?.path, before?.raw, after?.path, after?.raw);
   *   // [] [0] '{"id":1,"n":2}' undefined undefined
   *   // ["value"] [1, "n"] "1" [0, "n"] "3"
   * }
   */
  diffValue(earlier: Snapshot, name: string, options?: DiffValueOptions): ValueDiff | undefined;

  /**
   * The JSON Patch (RFC 6902) that makes the values of an earlier snapshot those of this one, as JSON text with every number in its
   * own spelling. The document that it is for is an object with the value of each name; where both snapshots stand side by side, an
   * object of these for each scope; with `name`, the value of that variable. Another spelling, another order of members and
   * another winner with the same value are no operation.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for options that are not known or of another kind.
   * @example
   * import { Snapshot } from "cognigy-session-debugger";
   * const turn = (value: string) => Snapshot.parse(`{"variables":[{"name":"n","value":${value},"scope":"user"}]}`);
   * turn("2").patch(turn("1")); // '[{"op":"replace","path":"/n","value":2}]'
   */
  patch(earlier: Snapshot, options?: PatchOptions & { name?: undefined }): string;
  /** The same of one variable; `undefined` where one of both does not have it. */
  patch(earlier: Snapshot, options: PatchOptions): string | undefined;

  /**
   * The snapshot in the tutorial's wire format, as JSON text with every number in its own spelling:
   * `{"session_id","variables":{name:{"value","scope","type","is_system"}},"metrics":{…}}`.
   */
  toJsonText(options?: HandOnOptions): string;

  /**
   * The variables as a document. All but `json`, which is the tutorial's wire format, hold shadowed variables and items that could not be
   * read too, with what is wrong with them. CSV cells never begin a formula, and cells of the Markdown table are never markup. Since
   * documents are handed on, what a rule hides reads `[masked:rule]`, leaf by leaf, also in JSON inside texts.
   *
   * @param options `mask: false` writes everything as it came. Default: `true`, the standard rules.
   * @throws {@link DebuggerError} `INPUT_INVALID` for an unknown format or option.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"apiKey","value":"k-4711","scope":"bot"}]}');
   * snapshot.export("csv"); // …"[masked:api-key]"…
   * snapshot.export("json", { mask: { names: ["customer number"], safeNames: ["sessionKind"] } });
   */
  export(format: "json" | "ndjson" | "csv" | "markdown", options?: HandOnOptions): string;

  /**
   * The snapshot as the text of a file that {@link Snapshot.open} opens again, with the same rows, explanations and exact numbers;
   * unreadable items are kept, and the time to the millisecond. It is JSON: `format` is `"cognigy-session-debugger"`, `version` is
   * `1`, and `variables` are the tutorial's rows. Since files are handed on, what a rule hides reads `[masked:rule]`, the session id
   * included; of unreadable items only reason and place are left then.
   *
   * @param options `mask: false` writes everything as it came. Default: `true`, the standard rules.
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"total","value":1.10,"scope":"user"}]}');
   * const file = new Blob([snapshot.toFile()], { type: "application/json" });
   * const again = Snapshot.open(await file.arrayBuffer());
   * again.get("total")?.raw; // "1.10"
   */
  toFile(options?: HandOnOptions): string;

  /**
   * Opens what {@link Snapshot.toFile} wrote. Nothing is asked of any network.
   *
   * @param file Its bytes or its text.
   * @param options `limits` as for bodies. Default: 256 MiB, 200,000 variables; how deep values may be the file says itself.
   * @throws {@link DebuggerError} `FILE_TOO_NEW` where a newer version wrote it; `FILE_INVALID`, with `offset` or `path` where known,
   * where it is no such file or is damaged; `BODY_TOO_LARGE`, `VALUE_TOO_LARGE` and `TOO_MANY_VARIABLES` for the limits;
   * `INPUT_INVALID` for what is neither bytes nor a text.
   * @example
   * import init, { isDebuggerError, Snapshot } from "cognigy-session-debugger";
   * await init();
   * try {
   *   Snapshot.open('{"format":"cognigy-session-debugger","version":99}');
   * } catch (error) {
   *   if (isDebuggerError(error)) console.log(error.code); // "FILE_TOO_NEW"
   * }
   */
  static open(file: Uint8Array | ArrayBuffer | string, options?: { limits?: Omit<Limits, "depth"> }): Snapshot;

  /**
   * A part of a value, or the way to it, as a text for a clipboard. Since clipboards are handed on, what a rule hides reads
   * `[masked:rule]`, names on the way included; `masked` says whether anything is hidden.
   *
   * @param entry {@link Row.entry}.
   * @param path Positions from the value down. Default: the value itself.
   * @param form `value` is what came: a text itself, of anything else its JSON source.
   * @param options `mask: false` gives everything as it came. Default: `true`, the standard rules.
   * @returns `undefined` where the dialect has no words for the way: to a scope that flows do not read, to a member whose name comes
   * again behind it, to an unreadable item.
   * @throws {@link DebuggerError} `INPUT_INVALID` where there is no such place, form or option.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"login","value":{"user":"max","password":"s3cr3t"},"scope":"user"}]}');
   * snapshot.copyText(0, [0], "json-pointer")?.text; // "/user"
   * snapshot.copyText(0, [1], "value"); // { text: "[masked:password]", masked: true, rules: [{ rule: "password", count: 1 }] }
   */
  copyText(
    entry: number,
    path: number[] | undefined,
    form: CopyForm,
    options?: { mask?: MaskChoice },
  ): { text: string; masked: boolean; rules: MaskCount[] } | undefined;

  /** Gives the memory back at once. Later calls throw. */
  free(): void;
  [Symbol.dispose](): void;
}

/** What is copied of a part of a value: what came, or the way to it. */
export type CopyForm = "value" | PathDialect;

/** Why a token is asked for. */
export interface TokenRequest {
  /** `initial`: none yet; `expiring`: ahead of time; `rejected`: the tenant answered 401. */
  reason: "initial" | "expiring" | "rejected";
  signal: AbortSignal;
}

/** RFC 6749's answer, or the token alone. `expires_in` is in seconds; default 300. */
export type TokenAnswer = string | { access_token: string; token_type?: string; expires_in?: number };

/** Gives a short-lived access token. The engine keeps it in memory only. */
export type TokenProvider = (request: TokenRequest) => TokenAnswer | Promise<TokenAnswer>;

/** Gives the body of a query: JSON bytes, JSON text, or a value that JSON can hold. Replaces the REST request. */
export type Source = (query: VariableQuery & { signal: AbortSignal }) => unknown;

/** How failed attempts are repeated. */
export interface RetryOptions {
  /** Attempts in all. Default: 4. */
  attempts?: number;
  /** First delay after a network fault or 5xx, in ms; doubles each time, with full jitter. Default: 50. */
  baseDelayMs?: number;
  /** First delay after a 429 without a hint, in ms. Default: 1,000. */
  throttleDelayMs?: number;
  /** No delay of ours is longer, in ms. Default: 20,000. */
  maxDelayMs?: number;
}

/** One attempt at a delivery, to be signed as Standard Webhooks says: over `id.timestamp.body`. */
export interface WebhookDelivery {
  /** The same with every attempt: `webhook-id`. */
  id: string;
  /** Seconds since 1970, of this attempt: `webhook-timestamp`. */
  timestamp: string;
  /** The JSON that is posted, byte for byte. */
  body: string;
}

/**
 * Where snapshots are posted: each complete one at least once, in order, by one tab of the origin at a time. One whose
 * {@link Snapshot.complete} is `false` is not posted; {@link Progress.missing} says why.
 *
 * A read ends when its snapshot is stored, or refused with `OUTBOX_FULL` (10,000 entries or 20 MB) or
 * `STORAGE_UNAVAILABLE` in the audit; it waits for no receiver. A delivery that is not answered with 2xx is repeated
 * after about 5 s, 5 min, 30 min and 2, 5, 10, 14, 20 and 24 h, later where a 429, 502, 503 or 504 asks for it, and then
 * becomes a dead letter. A 410 stops all deliveries until {@link SessionDebugger.replay}. A tab is no server: deliveries
 * go on while some page of this origin has a debugger with this webhook, and on the next visit.
 *
 * @example
 * import { SessionDebugger, type WebhookDelivery } from "cognigy-session-debugger";
 * const sign = async (delivery: WebhookDelivery) => {
 *   const answer = await fetch("/debug/sign", { method: "POST", body: JSON.stringify(delivery) });
 *   return answer.text();
 * };
 * const webhook = { url: "https://receiver.example/hook", sign };
 * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", webhook });
 */
export interface WebhookOptions {
  /** https, or http on loopback. Entries of another URL are another outbox. */
  url: string;
  /** Per attempt, in ms. Default: 15,000. */
  timeoutMs?: number;
  /**
   * Gives the header `webhook-signature`, for example by asking the backend; called for each attempt. When it throws,
   * the attempt has failed with `SIGNING_FAILED`. Default: deliveries are not signed.
   */
  sign?: (delivery: WebhookDelivery) => string | Promise<string>;
  /**
   * Instead of `sign`: keys of WebCrypto, HMAC with SHA-256 (`v1`) or Ed25519 (`v1a`), best not extractable; two while one
   * replaces the other.
   */
  keys?: CryptoKey[];
  /**
   * `persistent` keeps entries in IndexedDB, and in memory where that is missing or blocked, as in Node;
   * {@link OutboxStatus.durable} says which. What is kept in memory is lost with the page, and with its debugger: after
   * {@link SessionDebugger.free} what is due is still sent, but nothing is tried again. Default: `persistent`.
   */
  storage?: "persistent" | "memory";
  /**
   * `snapshot` posts all of it. `thin` posts that there is one, without any name or value:
   * `{"type":"variable_snapshot","timestamp":"2026-01-01T00:00:00.000Z","data":{"session_id":"…","count":12,"hash":"…"}}`; the `hash`
   * is a SHA-256 of what `snapshot` would have posted as `data`, and changes when that does. Default: `snapshot`.
   */
  payload?: "snapshot" | "thin";
}

/** How the outbox of a webhook stands. */
export interface OutboxStatus {
  /** Entries that are still to be delivered. */
  waiting: number;
  /** Entries that were given up; {@link SessionDebugger.replay} brings them back. */
  dead: number;
  /** Whether entries outlive the page. */
  durable: boolean;
  /** Whether the receiver has said that it is gone (410). */
  disabled: boolean;
}

/**
 * How debuggers of one origin go together.
 *
 * @example
 * ```ts
 * import { SessionDebugger } from "cognigy-session-debugger";
 *
 * // Five tabs, one token: every script of this origin is trusted with it.
 * const sessions = new SessionDebugger({
 *   baseUrl: "https://tenant.example",
 *   token: "/debug/token",
 *   tabs: { shareToken: true },
 * });
 * ```
 */
export interface TabSharing {
  /** Debuggers with the same name share. Default: `baseUrl`; with `shareToken` the URL of the token endpoint as well. */
  name?: string;
  /**
   * Hand a token on to the other tabs, so that all of them ask for one. It travels over a channel that every script of the origin can
   * listen to. Default: `false`, each tab asks for its own, one after the other.
   */
  shareToken?: boolean;
}

/** How a session debugger works. */
export interface DebuggerOptions {
  /** The tenant: https (http on loopback), without user info, query or fragment. Needed unless `source` is given. */
  baseUrl?: string;
  /**
   * The URL of the team's token endpoint, or a function that gives a token. Default: no token is sent. The endpoint is
   * asked with `POST` and the form field `reason` (as {@link TokenRequest}), with the cookies of the page's own origin.
   */
  token?: string | TokenProvider;
  /** Replaces the REST request. */
  source?: Source;
  /** The route, with `{sessionId}` and, where needed, `{userId}` in it. Default: `/api/v2/botsessions/{sessionId}/variables`. */
  path?: string;
  /** What the parts of a query are called in the URL. Default: the tutorial's names. */
  parameters?: QueryParameters;
  /**
   * Requests in flight. Default: 5. Debuggers that share their limit, see `tabs`, have no more than a tenth of `rateLimit.requests`
   * under way together, or six where that is less.
   */
  maxConcurrent?: number;
  /**
   * How many requests the tenant allows. Default: 100 per 60,000 ms. A 429 lowers it to 70 %, from where it grows back by
   * 5 % a window; the fields `RateLimit` and `RateLimit-Policy` of an answer only ever lower it, and of several policies all
   * hold. `"learn"` is for a limit that nobody knows: it begins without one and learns it from the first refusals.
   */
  rateLimit?: { requests?: number; windowMs?: number } | "learn";
  /**
   * The tenant counts the `OPTIONS` that a browser sends ahead of a request to another origin, so that every session costs
   * two. Default: `false`. A relay on the page's own origin avoids them.
   */
  countPreflight?: boolean;
  retry?: RetryOptions;
  /** One attempt, headers to last byte, in ms. Default: 15,000. */
  timeoutMs?: number;
  /** Between two pieces of a body, in ms. Default: 10,000. */
  stallMs?: number;
  /** One call with all waits and retries, in ms. Default: 60,000. */
  deadlineMs?: number;
  policy?: CoercionPolicy;
  precedence?: Precedence;
  limits?: Limits;
  /** Refuse session ids that do not begin with this text. Default: none. */
  requireSessionPrefix?: string;
  /** Who reads, for the audit trail: 1 to 128 characters without controls. Default: nobody is named. */
  actor?: string;
  webhook?: WebhookOptions;
  /**
   * What is shared with debuggers in other tabs of the origin, and in this page. `true` (the default): `rateLimit`, and turns at
   * asking for a token. `false`: nothing. Goes by Web Locks and `BroadcastChannel`; where one is missing, or nobody has answered for
   * 10,000 ms, a tab goes on alone. Only numbers travel, and where `shareToken` says so the token. Not used with `source`.
   */
  tabs?: boolean | TabSharing;
  /** Whether and how long hidden values may be shown ({@link SessionDebugger.reveal}). Default: `true`, for 30,000 ms. */
  reveal?: boolean | RevealOptions;
  /** What the webhook's payload goes through. `false`: nothing. Default: `true`, the standard rules. */
  mask?: MaskChoice;
  /**
   * Is told how far the audit trail goes, so that you can keep that where the page cannot change it: every 100 records, 60,000 ms
   * after the first record that it was not told of, and once more when the debugger is freed. What it throws comes up as an
   * unhandled rejection and changes nothing else. Default: nobody is told; {@link SessionDebugger.auditCheckpoint} can be asked.
   *
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * const sessions = new SessionDebugger({
   *   baseUrl: "https://tenant.example",
   *   onCheckpoint: (checkpoint) => { navigator.sendBeacon("/debug/checkpoints", JSON.stringify(checkpoint)); },
   * });
   */
  onCheckpoint?: (checkpoint: AuditCheckpoint) => void;
}

/** How far a call is. Parts that are not known are absent. */
export interface Progress {
  phase: "queued" | "token" | "request" | "body" | "waiting" | "done";
  /** Page being read, from 1. */
  page: number;
  /** Where the tenant says so. */
  pages?: number;
  /** Variables so far. */
  variables: number;
  /** Bytes so far, all pages. */
  bytes: number;
  /** Bytes of this page, where the tenant says so. */
  pageBytes?: number;
  /** Attempt of this page, from 1. */
  attempt: number;
  attempts: number;
  /** While waiting: how long from now, in ms, and for whom. */
  waitMs?: number;
  waitFor?: "server" | "backoff" | "rate-limit" | "online";
  /** While `queued`: how many requests go before; told anew every second. `waitMs` is then an estimate. */
  ahead?: number;
  /** Requests of the current window, and how many the window allows. */
  requestsUsed: number;
  requestsAllowed: number;
  /** At `done`: why something is missing, where the snapshot is not complete. */
  missing?: DebuggerError;
}

/** Whether somebody waits at the screen (`interactive` goes first), or for one of many (`bulk` gets one place in five). */
export type Lane = "interactive" | "bulk";

/** What may be added to one call. */
export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /**
   * Is given the first fifty rows, or some more, while the rest is still arriving: once at most, as a snapshot of their own
   * whose `complete` is `false`, and which is yours to free. What comes later may hide some of them. Not called where the body
   * is no list of rows, or has fewer.
   *
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
   * const all = await sessions.snapshot(
   *   { sessionId: "sess_1" },
   *   { onFirstRows: (first) => { console.log(first.rows({ limit: 50 }).rows); first.free(); } },
   * );
   * console.log(all.size);
   */
  onFirstRows?: (first: Snapshot) => void;
  /** Default: `interactive`. */
  lane?: Lane;
}

/** How far a sweep over many sessions is. */
export interface BulkProgress {
  total: number;
  /** With a snapshot, be it whole or not. */
  done: number;
  failed: number;
  running: number;
  /** Not begun yet, or to be tried again. */
  waiting: number;
  /** What the rate limit alone makes of the rest, with one request for each session, in ms. */
  leftMs: number;
}

/** What may be added to a sweep over many sessions. */
export interface BulkOptions {
  /** An abort ends the sweep; the iteration rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Is told whenever a read ends. */
  onProgress?: (progress: BulkProgress) => void;
  /** So often what failed in a way that may pass is tried again, after all others. Default: 0. */
  retryFailed?: number;
}

/** What one query of many came to. A snapshot whose `complete` is `false` is what could be had of the session. */
export interface SnapshotOutcome {
  query: VariableQuery;
  snapshot?: Snapshot;
  error?: DebuggerError;
}

/** Durations in ms of completed requests. `undefined` where there was none. */
export interface Latency {
  count: number;
  p50?: number;
  p95?: number;
  p99?: number;
  max?: number;
}

/** Counts since the debugger was made. */
export interface Metrics {
  requests: number;
  succeeded: number;
  failed: number;
  /** Attempts after the first. */
  retried: number;
  rateLimited: number;
  tokenRequests: number;
  bytes: number;
  variables: number;
  /** From sending to the last byte. */
  network: Latency;
  /** Time spent waiting for a free slot, the rate limit or a retry. */
  wait: Latency;
  /** Time spent waiting for a token, where one was needed. */
  token: Latency;
  /** From sending to the head of the answer. */
  firstByte: Latency;
  /** Reading bodies that were read to their end; they are read while they arrive. */
  parse: Latency;
  requestsUsed: number;
  /** `Infinity` while the limit is not known. */
  requestsAllowed: number;
  /** Failed attempts at anything, by class. */
  failures: Record<FailureClass, number>;
  /** What is left of the budget for retries, of 500: a retry costs 14 (5 after a throttle), a success fills it again. */
  retryBudget: number;
}

/**
 * What kind of failure an attempt was: the tenant asked for fewer requests; network, timeouts and 5xx; the token was
 * refused; or it does not pass by itself.
 */
export type FailureClass = "throttle" | "transient" | "auth" | "never";

/** One attempt at one thing. Holds no token and no value. */
export interface AuditRecord {
  /** Counts up from 1. */
  seq: number;
  /** RFC 3339 in UTC with milliseconds. */
  at: string;
  action: "read" | "token" | "webhook" | "source" | "ingest" | "reveal";
  /** The route template, never a URL. */
  route: string;
  /** Who reads, as the option `actor` says. */
  actor?: string;
  sessionId?: string;
  /** `OK` or an error code. */
  outcome: "OK" | ErrorCode;
  status?: number;
  attempt: number;
  page?: number;
  /** Waiting for a free slot, the rate limit or a retry, in ms. */
  waitMs: number;
  /** Waiting for a token after that, in ms; absent where none was needed. */
  tokenMs?: number;
  /** From sending to the end, in ms. */
  networkMs: number;
  /** Of those, up to the head of the answer; absent where none came. */
  firstByteMs?: number;
  /** Of those, reading what had arrived; absent where nothing was read. */
  parseMs?: number;
  /** What the server calls the request (`X-Request-Id`), where the browser lets it through. */
  requestId?: string;
  /** Received; of a webhook, sent. */
  bytes: number;
  /** Variables that the attempt brought. */
  count?: number;
  /** Of a failed attempt. */
  class?: FailureClass;
  /** How long the call waits before it is repeated, in ms; absent where it is not. */
  delayMs?: number;
  /** Who says so: a header, the body's `retryAfter`, our own backoff, or the browser that is offline. */
  delaySource?: "retry-after" | "ratelimit" | "body" | "backoff" | "online";
  /** Of a reveal: the rule that hides it. */
  rule?: string;
  /** Of a reveal: the way there, as the mask shows it; absent where there are no words for it. */
  path?: string;
  /** Of a reveal: why, where somebody said. What looks like a secret in it is hidden. */
  reason?: string;
  /** The `hash` of the record before; 64 zeros in the first. */
  prev: string;
  /** SHA-256 of this record's canonical JSON (RFC 8785) without this member, in hexadecimal. {@link verifyAudit} checks it. */
  hash: string;
}

/**
 * Fetches the variables of sessions: one token in flight, retries, rate limit, pages, audit.
 *
 * Outlives a breakdown of the engine, for want of memory, say: calls under way reject with `WASM_TRAP`, the next call starts the
 * engine anew, and the audit trail begins again with one record for each call that was lost. What waits in the outbox is sent
 * after that call. Snapshots that the old engine held are lost, and throw `WASM_TRAP` from then on.
 *
 * @example
 * import init, { SessionDebugger } from "cognigy-session-debugger";
 * await init();
 * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
 * const snapshot = await sessions.snapshot({ sessionId: "sess_9f8e7d6c5b4a3210" });
 * console.log(snapshot.names());
 */
export class SessionDebugger {
  /** @throws {@link DebuggerError} `CONFIG_INVALID`. */
  constructor(options: DebuggerOptions);

  /**
   * Reads one session. Pages are separate reads: each is consistent in itself, and the audit trail says when each was read. Where a
   * later one could not be had for now, {@link Snapshot.complete} is `false`.
   *
   * @throws {@link DebuggerError}; an abort rejects with the signal's own reason.
   */
  snapshot(query: VariableQuery, options?: CallOptions): Promise<Snapshot>;

  /**
   * Reads many sessions within the rate limit; outcomes come as they are ready. Leaving the loop cancels the rest. Waits for
   * the limit do not count for the deadline.
   *
   * @example
   * import init, { SessionDebugger } from "cognigy-session-debugger";
   * await init();
   * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
   * const queries = Array.from({ length: 3000 }, (_, number) => ({ sessionId: `load-test-${number}` }));
   * const onProgress = ({ done, failed, total, leftMs }: { done: number; failed: number; total: number; leftMs: number }) =>
   *   console.log(`${done} of ${total}, ${failed} failed, ${Math.ceil(leftMs / 1000)} s left`);
   * const failed = [];
   * for await (const { query, snapshot, error } of sessions.snapshots(queries, { onProgress, retryFailed: 2 })) {
   *   if (snapshot) console.log(snapshot.size, snapshot.complete);
   *   else if (error?.retryable) failed.push(query);
   * }
   * // What is still missing can be asked for again later.
   * for await (const outcome of sessions.snapshots(failed)) console.log(outcome.query.sessionId);
   */
  snapshots(queries: Iterable<VariableQuery>, options?: BulkOptions): AsyncIterableIterator<SnapshotOutcome>;

  /**
   * Reads one session again and again; the pause lies between the end of one read and the start of the next.
   * While nobody can see the page it pauses; after an error it goes on with pauses that double from 1 s to 60 s. Of one
   * watch never two reads are under way. Ends when the signal is aborted. Rejects with the first error that is not worth another try, or with any error
   * before the first snapshot.
   */
  watch(query: VariableQuery, options: { intervalMs: number; signal: AbortSignal }): AsyncIterableIterator<Snapshot>;

  /** Makes a snapshot of data that the host already has: JSON bytes, JSON text, or a value that JSON can hold. */
  ingest(body: unknown, options?: SnapshotOptions): Snapshot;

  /** Forgets the token, in every tab: to be called when the user logs out. */
  dropToken(): void;

  /**
   * How the outbox of the webhook stands; `undefined` without a webhook.
   *
   * @throws {@link DebuggerError} `STORAGE_UNAVAILABLE`.
   * @example
   * import type { SessionDebugger } from "cognigy-session-debugger";
   * async function tell(sessions: SessionDebugger) {
   *   const outbox = await sessions.outbox();
   *   if (outbox && !outbox.durable) console.warn(`${outbox.waiting} deliveries would be lost with this page.`);
   *   if (outbox?.dead) console.log(`${await sessions.replay()} deliveries are tried again.`);
   * }
   */
  outbox(): Promise<OutboxStatus | undefined>;

  /**
   * Gives dead letters all their attempts again, tries a receiver that was gone once more, and says how many letters
   * came back.
   *
   * @throws {@link DebuggerError} `STORAGE_UNAVAILABLE`.
   */
  replay(): Promise<number>;

  /**
   * Shows something hidden for a while in `rows`, `children`, `text`, `explain` and an `Arrangement` that look through this
   * {@link Mask}; gives how long, in ms. It ends when that time is over, when another snapshot is looked at through the mask, and with {@link Mask.hide}. The request, and its refusal, is one record
   * of the audit trail. Documents, copies and searches stay masked.
   *
   * @param entry {@link Row.entry}.
   * @param options `steps`: positions that lead down to a part of the value; default: all of it. `reason`: why, for the record.
   *   `prevented`: the host does not let it; nothing is shown, and the refusal is recorded. Default: `false`.
   * @throws {@link DebuggerError} `REVEAL_REFUSED` where {@link DebuggerOptions.reveal} or `prevented` forbids it, or a reason lacks;
   *   `INPUT_INVALID` where nothing is hidden there.
   * @example
   * import type { Mask, SessionDebugger, Snapshot } from "cognigy-session-debugger";
   * function show(sessions: SessionDebugger, snapshot: Snapshot, mask: Mask) {
   *   const row = snapshot.rows({ mask, limit: 1 }).rows[0];
   *   if (!row?.masked) return;
   *   const forMs = sessions.reveal(snapshot, row.entry, { mask, reason: "ticket 4711" });
   *   console.log(snapshot.text(row.entry, [], { mask }).text, forMs);
   *   console.log(sessions.auditTrail().at(-1)); // { action: "reveal", rule: …, path: …, reason: "ticket 4711", … }
   * }
   */
  reveal(
    snapshot: Snapshot,
    entry: number,
    options: { mask: Mask; steps?: readonly number[]; reason?: string; prevented?: boolean },
  ): number;

  /**
   * Shows hidden values under other options from now on, on the same trail: {@link DebuggerOptions.reveal}. What is shown already is
   * shown until its time is over; {@link Mask.hide} ends it at once.
   *
   * @throws {@link DebuggerError} `CONFIG_INVALID` for a time out of bounds, `INPUT_INVALID` for an option that there is not, and for
   *   what is neither a boolean nor an object.
   */
  allowReveals(reveal: boolean | RevealOptions): void;

  /**
   * Goes on with the audit trail and the counts of a debugger that this one replaces, since options cannot change: no record is lost
   * when a page turns to another tenant. What the other one still has under way is recorded here, too.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` where this one has records of its own already.
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * function turnTo(baseUrl: string, before: SessionDebugger) {
   *   const sessions = new SessionDebugger({ baseUrl, token: "/debug/token" });
   *   sessions.continueFrom(before);
   *   before.free();
   *   return sessions;
   * }
   */
  continueFrom(earlier: SessionDebugger): void;

  metrics(): Metrics;
  /** The latest 10,000 records, oldest first. */
  auditTrail(): AuditRecord[];
  /** How far the trail goes by now, for {@link verifyAudit} later on. `seq` is 0 where there is no record yet. */
  auditCheckpoint(): AuditCheckpoint;

  /**
   * Gives the memory back. Calls under way come to their ends, and so does a delivery; nothing else of the debugger goes on, and no
   * timer of it keeps a program running. Deliveries that are stored wait for the next debugger with this webhook.
   */
  free(): void;
  [Symbol.dispose](): void;
}

/** A stable word for what went wrong. */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "INPUT_INVALID"
  | "TOKEN_PROVIDER_FAILED"
  | "TOKEN_INVALID"
  | "SOURCE_FAILED"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "REQUEST_REJECTED"
  | "RATE_LIMITED"
  | "QUEUE_FULL"
  | "OFFLINE"
  | "NETWORK_OR_CORS"
  | "BODY_TRUNCATED"
  | "TIMEOUT"
  | "DEADLINE_EXCEEDED"
  | "ABORTED"
  | "SERVER_ERROR"
  | "REDIRECT_REFUSED"
  | "BAD_CONTENT_TYPE"
  | "BODY_EMPTY"
  | "BODY_TOO_LARGE"
  | "VALUE_TOO_LARGE"
  | "TOO_MANY_VARIABLES"
  | "JSON_SYNTAX"
  | "JSON_TOO_DEEP"
  | "SHAPE_UNKNOWN"
  | "SCHEMA_MISMATCH"
  | "PAGE_LOOP"
  | "PAGE_LIMIT"
  | "WEBHOOK_REJECTED"
  | "OUTBOX_FULL"
  | "STORAGE_UNAVAILABLE"
  | "SIGNING_FAILED"
  | "FILE_TOO_NEW"
  | "FILE_INVALID"
  | "REVEAL_REFUSED"
  | "WASM_TRAP"
  | "INTERNAL";

/** What every function of the package throws or rejects with. A real `Error`. */
export interface DebuggerError extends Error {
  readonly name: "DebuggerError";
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  readonly status?: number;
  readonly attempts?: number;
  readonly retryAfterMs?: number;
  /** JSON path in the body. */
  readonly path?: string;
  /** Byte offset in the body. */
  readonly offset?: number;
  readonly requestId?: string;
  /** `SHAPE_UNKNOWN`: the first top-level names of the body. Data of the body: show it, but do not log it. */
  readonly members?: readonly string[];
  /** The server's own words, shortened and cleaned. Show as text, never as markup. */
  readonly problem?: string;
  /** What the host's own token callback or source threw. */
  readonly cause?: unknown;
}

/**
 * Whether a caught value is a {@link DebuggerError}.
 *
 * @example
 * import { isDebuggerError } from "cognigy-session-debugger";
 * try {
 *   throw new Error("other");
 * } catch (error) {
 *   if (isDebuggerError(error)) console.log(error.code);
 * }
 */
export function isDebuggerError(error: unknown): error is DebuggerError;

/** One place that a JSONPath expression selects. */
export interface JsonPathNode {
  /** Names and positions from the value down. */
  path: (string | number)[];
  /** The normalized path of RFC 9535, section 2.7, for example `$['items'][0]`. */
  pathText: string;
  /** What stands there. Absent only where a name on the way holds half a surrogate pair. */
  part?: ValuePart;
}

/** What a JSONPath expression selects of one value. */
export interface JsonPathResult {
  /** How many places it selects. */
  total: number;
  /** The first of them, in the order of RFC 9535. */
  nodes: JsonPathNode[];
  /**
   * `true` where the expression has a filter and the value has a number that a double may not hold: filters compare
   * doubles, as RFC 9535 demands no more than I-JSON's range. What stands in `nodes` is exact all the same.
   */
  rounded: boolean;
}

/**
 * Selects parts of one variable's value by a JSONPath expression (RFC 9535). Resolves with `undefined` where the snapshot
 * has no such variable. The library for it, `jsonpath.js`, is a separate file that is loaded with the first question.
 *
 * `match()` and `search()` use the regular expressions of JavaScript, whose time has no bound: ask for expressions of
 * people, not of data. One rule of the RFC is not met: a control character written as `\u000B` inside the quotes of a name
 * is refused; `$.*` and wildcards find such names.
 *
 * @param name The variable.
 * @param options `scope` as in {@link Snapshot.get}. `limit`: so many nodes at most. Default: 1,000.
 * @throws Rejects with {@link DebuggerError} `INPUT_INVALID` and `offset` where the expression is not well-formed or valid.
 * @example
 * import init, { queryJsonPath, Snapshot } from "cognigy-session-debugger";
 * await init();
 * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"items":[{"n":1},{"n":2}]},"scope":"user"}]}');
 * const found = await queryJsonPath(snapshot, "cart", "$.items[?@.n > 1]");
 * found?.nodes[0]?.pathText; // "$['items'][1]"
 */
export function queryJsonPath(
  snapshot: Snapshot,
  name: string,
  expression: string,
  options?: { scope?: string; limit?: number },
): Promise<JsonPathResult | undefined>;
