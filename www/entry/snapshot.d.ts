import type { DiffValueOptions, PatchOptions, SnapshotDiff, ValueDiff } from "./differences.js";
import type { DebuggerError } from "./error.js";
import type { ExplainOptions, Explanation } from "./explanation.js";
import type { HandOnOptions, MaskChoice, MaskCount, MaskedValue } from "./mask.js";
import type { PathDialect } from "./query.js";
import type { ReadingNote, ValueType } from "./reading.js";
import type {
  ExportOptions,
  HitSlice,
  HitsOptions,
  Misread,
  Origin,
  Row,
  RowsWindow,
  Sought,
  ValueNode,
  ValuePart,
} from "./rows.js";
import type { Limits, Shape, SnapshotOptions } from "./snapshot-options.js";

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
  /** The reading, or the typed value as it came: see {@link Reading.value}. */
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
   * Half of a surrogate pair in a text is read as the escape that stands for it (`\ud83d`): the item that has it is
   * unreadable, and the others stay.
   *
   * @throws {@link DebuggerError} `JSON_SYNTAX`, `SHAPE_UNKNOWN`, `JSON_TOO_DEEP`, `BODY_EMPTY`, `BODY_TOO_LARGE` and
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
   * says does not count where the tenant may leave something out: by a `name` that it is told, by `scope` or `userId`, or without
   * `includeSystem: true` where it has a parameter for it.
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
   * snapshot.rows({ filter: "Order -old" }).sought; // { names: ["order"], values: ["order"] }
   * const next = Snapshot.parse('{"variables":[{"name":"cart","value":{"total":9},"scope":"user"}]}');
   * next.rows({ earlier: snapshot, sort: "changed", filter: "changed:yes" }).rows[0]?.change; // "changed"
   */
  rows(window?: RowsWindow): { total: number; rows: Row[]; misread?: Misread[]; sought?: Sought; masked?: MaskCount[] };

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
   * With a filter, a scope or another order these rows alone are written, in that order; `json` keeps the session's, and its metrics.
   * The filter finds what the mask leaves. Variables that are gone since `earlier` are in no document.
   *
   * @param options `mask: false` writes everything as it came. Default: `true`, the standard rules.
   * @throws {@link DebuggerError} `INPUT_INVALID` for an unknown format or option.
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"apiKey","value":"k-4711","scope":"bot"}]}');
   * snapshot.export("csv"); // …"[masked:api-key]"…
   * snapshot.export("json", { mask: { names: ["customer number"], safeNames: ["sessionKind"] } });
   * snapshot.export("markdown", { filter: "type:string", scope: "bot", sort: "name" });
   */
  export(format: "json" | "ndjson" | "csv" | "markdown", options?: ExportOptions): string;

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
