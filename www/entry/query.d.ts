import type { DebuggerError } from "./error.js";

/**
 * How the name of a query is compared; letter case and Unicode form count:
 *
 * - `exact`: the whole name;
 * - `prefix`: the beginning of a name;
 * - `glob`: the whole name, where `*` stands for any characters or none and `?` for one; a character behind `\` stands for itself.
 */
export type NameMatch = "exact" | "prefix" | "glob";

/**
 * Which variables of which session.
 *
 * @example
 * import type { VariableQuery } from "cognigy-session-debugger";
 * const ids: VariableQuery = { sessionId: "sess_1", name: "order_*_id", nameMatch: "glob" }; // the tenant is told "order_"
 */
export interface VariableQuery {
  /** The session's id. Sent as one path segment; `""`, `"."` and `".."` are refused. At most 256 bytes of UTF-8. */
  sessionId: string;
  /**
   * Only the names that match this text. The tenant is told with what they begin, so that it sends less; what it sends beside them is
   * dropped here, so that the answer does not depend on how it compares, as long as it sends every name that begins so: for one that takes
   * the name for the whole, see {@link QueryParameters}. Items that cannot be read stay. At most 1,024 bytes of UTF-8. Default: all names.
   */
  name?: string;
  /** How `name` is compared. Default: `"prefix"`, as the tutorial's `user_` means it. */
  nameMatch?: NameMatch;
  /** Only this scope. Default: all scopes. */
  scope?: string;
  /**
   * `true` asks for system variables too; `false` asks to leave them out, and drops those that come all the same. Default: not sent, they
   * come as the tenant sees fit.
   */
  includeSystem?: boolean;
  /**
   * Whose session it is, for tenants where a session id is one user's only. Default: not sent. Refused where neither the path nor
   * {@link QueryParameters} has a place for it. At most 256 bytes of UTF-8.
   */
  userId?: string;
}

/** What the parts of a query are called in the URL: a plain word, or `null` where the tenant has no such parameter. */
export interface QueryParameters {
  /**
   * Is told with what the names begin. Default: `"name"`. With `null` the tenant is told nothing and all names are fetched, those that were
   * not asked for are dropped: right for a tenant that takes a name for the whole.
   */
  name?: string | null;
  /** Default: `"scope"`. With `null` a query with a scope is refused. */
  scope?: string | null;
  /** Sent as `true` or `false` where the query says so. Default: `"includeSystem"`. With `null` system variables come as the tenant sees fit. */
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
