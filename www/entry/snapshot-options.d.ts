import type { CoercionPolicy } from "./reading.js";
import type { Snapshot, VariableRow } from "./snapshot.js";

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

/** How a body becomes a snapshot. */
export interface SnapshotOptions {
  /** The session that the body belongs to. Default: what the body says, else `""`. */
  sessionId?: string;
  /** Default: the shape's own, `lossless` for variable rows and for texts that hold JSON in analytics, else `none`. */
  policy?: CoercionPolicy;
  /** Default: the shape's own, `layered` for variable rows, else `side-by-side`. */
  precedence?: Precedence;
  /**
   * Types of variables that declare none, by name and in whatever scope: words of a row's `type`, such as `number`. A value of another
   * type has the note `declared-type-not-met`, and one whose word is not known `declared-type-unknown`; an empty word declares
   * nothing. The platform answers contacts and their profile schema by two requests; this brings them together. Default: none.
   *
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const schema = Snapshot.parse('{"schema":{"age":"number"},"details":[]}');
   * const types = Object.fromEntries(schema.names().map((name) => [name, schema.get(name)?.raw ?? ""]));
   * const contact = Snapshot.parse('{"profile":{"age":"unknown"},"contactIds":["c-1"]}', { types });
   * contact.get("age")?.note?.code; // "declared-type-not-met"
   */
  types?: Readonly<Record<string, string>>;
  /** Default: detected. A body of another one is a `SCHEMA_MISMATCH`. */
  shape?: Shape;
  limits?: Limits;
  /**
   * Makes rows of a body of the caller's own shape. Given what the body holds, its integers outside ±(2^53−1) as `BigInt`
   * and other numbers as JavaScript has them (`1.10` is 1.1), halves of surrogate pairs as `JSON.parse` gives them, and values
   * however deeply they are nested: limits hold for the rows that it makes, and a row with half a pair is an unreadable row. A body
   * that is no UTF-8 is a `JSON_SYNTAX`. What it or its iterator throws is the cause of a `SOURCE_FAILED`. What is no list of rows, and a row that JSON cannot hold
   * (a circle, a getter that throws, a number that is not finite: `1e400` is `Infinity` to JavaScript, a value nested more deeply than
   * `JSON.stringify` can follow), is an `INPUT_INVALID`, and what breaks the limit of variables a `TOO_MANY_VARIABLES`. A row of
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
