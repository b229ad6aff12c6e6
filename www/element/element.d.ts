/// <reference lib="dom" />

/**
 * The class of `<cognigy-session-debugger>`, without defining the tag; `cognigy-session-debugger/define` does that.
 *
 * **Attributes** (texts only; never a token, never data)
 *
 * | attribute | meaning |
 * |---|---|
 * | `base-url` | the tenant; relative URLs are resolved against the page |
 * | `token-url` | the team's token endpoint |
 * | `path` | the route with `{sessionId}` in it |
 * | `session-id` | the session; it is read as soon as the element is in a document |
 * | `policy` | which readings of texts are allowed: `lossless` (default), `reference`, `json`, `none` |
 * | `scopes` | the scopes to choose from, for example `user session bot global` |
 * | `theme` | `auto` (default), `light` or `dark` |
 * | `density` | `compact` (default) or `comfortable` |
 * | `lang`, `dir` | language of numbers and times, and direction |
 * | `label` | what a screen reader calls the element |
 * | `links` | `view`: the reader may copy a link to the session and how it is shown; `selection`: with the name of the selected variable |
 * | `mask` | what is hidden of what is shown: `on` (default), `strict` (telephone numbers too, and nothing is revealed) or `off` |
 * | `reveal` | whether a reader may show a hidden value for a while: `on` (default), `reason` (with a reason alone) or `off` |
 * | `max-history` | how much is kept of a session's reads, for a reader to go back to: a count, a size, or both, as in `100 16MB` (kB, MB or MiB, without a space before the unit; at most 4 GiB); anything else fails the reads with `CONFIG_INVALID`; default 50 reads in 64 MiB. It holds for sessions that are read for the first time from then on |
 * | `worker-src` | URL of the worker's file, where it is not beside the element's own |
 *
 * **Masking** What the element shows is masked, leaf by leaf: dots and the rule's name, never the length. So is what a reader saves,
 * copies or links to, whatever `mask` says. The rules are those of {@link CognigySessionDebuggerElement.maskRules}, else those of
 * `options.mask` where it holds some (`false` there is about webhooks alone), else the standard ones. Hidden values do not leave the
 * worker, but for one that is revealed: in the details, for 30 s or what `options.reveal` says, until the window is left, the page is
 * hidden or another snapshot comes. The audit trail has a record of each reveal and each refusal.
 *
 * **Parts** `toolbar search snapshots grid header row name value type scope size badge detail notice status progress dialog`.
 *
 * **Custom properties** `--csd-height --csd-background --csd-bar-background --csd-text --csd-muted --csd-border --csd-hover
 * --csd-selected --csd-accent --csd-on-accent --csd-name --csd-string --csd-number --csd-boolean --csd-error
 * --csd-error-background --csd-warning --csd-warning-background --csd-focus --csd-font --csd-mono-font --csd-row-height
 * --csd-radius --csd-frame-radius`.
 *
 * **Content security policy** `script-src 'self'; worker-src 'self'; connect-src 'self' <tenant>; style-src 'self'`, and with
 * Trusted Types `trusted-types cognigy-session-debugger`. Where no worker is allowed, the engine runs in the page, which
 * then needs `'wasm-unsafe-eval'`.
 *
 * @packageDocumentation
 */
import type {
  DebuggerOptions,
  ErrorCode,
  Grouping,
  MaskOptions,
  Pin,
  Progress,
  RevealRequest,
  Source,
  TokenProvider,
  VariableQuery,
  Watchpoint,
} from "./index.js";

/** Where the engine runs. */
export interface EnginePlace {
  kind: "worker" | "page";
  /** The engine's version. */
  version: string;
  /** In a page: the directive that refused the worker, or the address that it could not be loaded from. */
  refused?: string;
}

/** What a snapshot says of itself; its values stay in the engine. */
export interface SnapshotSummary {
  sessionId: string;
  /** Milliseconds since 1970. */
  takenAt: number;
  /** How many different names. */
  size: number;
  /** How many variables in all scopes, hidden ones included. */
  entryCount: number;
  unreadableCount: number;
  /** `false` where pages are missing. */
  complete: boolean;
  /** The name of the file that it was opened from, where it was. */
  file?: string;
}

/** A selected variable. */
export interface SelectedVariable {
  name: string;
  scope: string;
}

/** Why a load failed. But for the host's own words in `cause`, it holds no token, no value, and no URL but the worker's. */
export interface Fault {
  /** The engine's code, or one of those that only a page can meet. */
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
  /** With `SHAPE_UNKNOWN`: the first top-level names of the answer, masked by the standard rules; none where `maskRules.allow` lists what may be told. Data of the answer: show them, but do not log them. */
  members?: readonly string[];
  /** With `SOURCE_FAILED` and `TOKEN_PROVIDER_FAILED`: what the host's own function threw. */
  cause?: { name: string; message: string };
}

/**
 * What a reader has set up, as data that a host may store: no tokens, and no values but those that a watchpoint compares with.
 * Watchpoints, pins and a selection whose name, scope or path a rule hides are left out: the `[masked:…]` that stands for them is
 * numbered anew by each mask, and means another variable elsewhere, or none.
 */
export interface ViewState {
  version: 1;
  query: VariableQuery;
  filter: string;
  /** `order`, or `changed`, `name`, `type`, `scope`, `size`; a leading `-` reverses. */
  sort: string;
  /** Whether variables that a higher scope hides are shown. */
  shadowed: boolean;
  /** What rows are grouped by. */
  groupBy: Grouping;
  /** The variables that stay on top, uppermost first. */
  pins: readonly Pin[];
  selected?: SelectedVariable;
  tab: "value" | "raw" | "changes" | "history" | "why";
  /**
   * What the reader watches; what it has met so far is not told. A condition may hold a value that the reader has typed, so it stands in no
   * link. Conditions with a `bigint`, which JSON cannot hold, are left out. One that is restored has its first look at the snapshot that is
   * shown, or at the next.
   */
  watchpoints: readonly Watchpoint[];
}

export type { RevealRequest } from "./index.js";

/** A text with `{placeholders}`, or one for each plural category of `{count}`. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/**
 * The element's events. All bubble and cross shadow roots.
 *
 * @example
 * import "cognigy-session-debugger/define";
 * const view = document.querySelector("cognigy-session-debugger");
 * view?.addEventListener("watch-hit", ({ detail }) => {
 *   console.log(detail.watchpoint.name, detail.watchpoint.path, detail.watchpoint.when, detail.hits);
 * });
 */
export interface CognigySessionDebuggerEventMap {
  /** The engine has started. */
  ready: CustomEvent<EnginePlace>;
  /** A session has been read and is shown. */
  snapshot: CustomEvent<SnapshotSummary>;
  /** Another variable is selected, or none. */
  select: CustomEvent<SelectedVariable | null>;
  /** A reader wants to see a hidden value; `preventDefault()` keeps it hidden; the reader, the audit trail and an `error` event say so. */
  "before-reveal": CustomEvent<RevealRequest>;
  progress: CustomEvent<Progress>;
  error: CustomEvent<Fault>;
  "view-state": CustomEvent<ViewState>;
  /** What the reader watches was met. */
  "watch-hit": CustomEvent<WatchHit>;
}

/** A watchpoint of the reader's was met; the values stay in the engine. */
export interface WatchHit {
  watchpoint: Watchpoint;
  /** How often it was, this time included. */
  hits: number;
  /** Of the snapshot, in ms since 1970. */
  takenAt: number;
}

/**
 * Shows the variables of a session.
 *
 * @example
 * import { CognigySessionDebuggerElement } from "cognigy-session-debugger/element";
 * customElements.define("team-session-debugger", class extends CognigySessionDebuggerElement {});
 *
 * @example
 * import "cognigy-session-debugger/define";
 * const view = document.createElement("cognigy-session-debugger");
 * view.options = { baseUrl: "https://tenant.example", precedence: "side-by-side" };
 * view.token = async ({ signal }) => {
 *   const answer = await fetch("/debug/token", { method: "POST", signal });
 *   return answer.json();
 * };
 * view.addEventListener("snapshot", (event) => console.log(event.detail.size));
 * view.viewState = { groupBy: "scope", sort: "changed", pins: [{ name: "cart" }] };
 * document.body.append(view);
 * await view.load("sess_9f8e7d6c5b4a3210");
 */
export declare class CognigySessionDebuggerElement extends HTMLElement {
  static readonly observedAttributes: string[];

  /**
   * The engine's options. Attributes win over them. Where `webhook` wants its outbox to outlive the page and the browser stores
   * nothing, the line at the bottom says so, with how many deliveries wait and how many were given up.
   */
  options: DebuggerOptions | undefined;
  /** The URL of the team's token endpoint, or a function that gives a token. Wins over `token-url`. */
  token: string | TokenProvider | undefined;
  /** Gives the bodies instead of the REST request. */
  source: Source | undefined;
  /** The session that is shown or asked for. Setting it reads the session. */
  sessionId: string;
  /** The worker's URL, or a worker that the host has made (a bundler's, or for the host's own Trusted Types policy). */
  workerUrl: string | URL | Worker | undefined;
  /** Replaces texts by their key, for example `{ "query.load": "Laden" }`. Keys that are left out stay English. */
  messages: Readonly<Record<string, Message>>;
  /**
   * What is hidden beyond the standard rules, in what is shown, saved and copied. No `sanitize`: a function cannot follow into the
   * worker. Neither here nor in `options.mask` is one taken.
   *
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * if (view) view.maskRules = { names: ["customer number"], scopes: ["vault"] };
   * view?.addEventListener("before-reveal", (event) => {
   *   if (event.detail.rule === "card") event.preventDefault();
   * });
   */
  maskRules: Omit<MaskOptions, "sanitize"> | undefined;
  /** What the reader has set up. Setting it restores what it names. */
  get viewState(): ViewState;
  set viewState(state: Partial<ViewState>);
  /** Settles once the engine has started; failures come as `error` events. */
  readonly ready: Promise<EnginePlace>;

  /**
   * Reads a session; without an id the one that is set.
   *
   * The rows of another session go away at once; those of the same one stay until the new ones are there.
   *
   * @throws An `Error` with the `code` of {@link Fault}; `ABORTED` after {@link cancel}. Its `cause` is an `Error` with what
   * the host's own function threw.
   */
  load(sessionId?: string): Promise<SnapshotSummary>;
  /** Reads again what is shown, with its scope and system variables. */
  refresh(): Promise<SnapshotSummary>;
  /**
   * Shows a file that was saved here, as if it had been chosen or dropped. No tenant is asked, and none need be known.
   *
   * @throws An `Error` with the `code` of {@link Fault}: `FILE_INVALID`, `FILE_TOO_NEW`.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * const answer = await fetch("/bug-reports/4711.session.json");
   * await view?.openFile(await answer.blob());
   */
  openFile(file: Blob): Promise<SnapshotSummary>;
  /**
   * A link to what the reader has set up: session, scope, filter, sort and tab, and the selected variable's name where the attribute
   * `links` is `selection`. It holds no values and no tokens, and nothing that a rule of the mask hides. It stands in the fragment of the
   * address, which is sent to no server.
   *
   * @param address Default: the page's own. The rest of it stays as it is.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * const link = await view?.viewLink("https://console.example/bots/7");
   * // "https://console.example/bots/7#csd=1&session=sess_9f8e7d6c5b4a3210&filter=scope%3Auser"
   */
  viewLink(address?: string): Promise<string>;
  /**
   * Restores what a link holds, and reads its session. Parts that are not understood are left out.
   *
   * @param address Default: the page's own.
   * @returns `false` where the address holds no link.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * if (view && !view.openViewLink()) view.sessionId = "sess_9f8e7d6c5b4a3210";
   */
  openViewLink(address?: string): boolean;
  /**
   * Tells changes by another session, which is read with the same scope, or by a saved file: what only one of the two has, and what
   * differs. It stays so when the session is read again, under another scope as well, and ends when another one is shown. The other
   * one does not go to a webhook. What a file has masked counts as changed.
   *
   * @param other A session id or a file. Default: the read before, as if nothing had been chosen.
   * @throws An `Error` with the `code` of {@link Fault}; what is shown stays as it is.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * await view?.load("sess_9f8e7d6c5b4a3210");
   * await view?.compareWith("sess_0a1b2c3d4e5f6789");
   */
  compareWith(other?: string | Blob): Promise<void>;
  /**
   * Says of the last read of the session which turn of the conversation it shows: the reader finds it in the list of snapshots and in the
   * history of a variable, masked as everything else. Without a text the label goes away.
   *
   * @returns `false` where nothing has been read yet.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * async function afterTurn(text: string) {
   *   await view?.refresh();
   *   await view?.labelTurn(`user: ${text}`);
   * }
   */
  labelTurn(turn?: string): Promise<boolean>;
  /** Ends the load under way. What is shown stays. */
  cancel(): void;
  /**
   * Forgets the token, here and in every tab that shares it: to be called when the user logs out. What is shown stays until you call
   * {@link destroy} or take the element away; the next load asks for a token again. Without it a token is forgotten when the page is
   * closed.
   *
   * @throws An `Error` with the `code` of {@link Fault} where the engine did not start.
   * @example
   * import "cognigy-session-debugger/define";
   * const view = document.querySelector("cognigy-session-debugger");
   * async function logOut() {
   *   await view?.dropToken();
   *   view?.destroy();
   * }
   */
  dropToken(): Promise<void>;
  getViewState(): ViewState;
  /** Gives back everything that the engine holds for this element; a later load starts anew. */
  destroy(): void;

  addEventListener<K extends keyof CognigySessionDebuggerEventMap>(
    type: K,
    listener: (this: CognigySessionDebuggerElement, event: CognigySessionDebuggerEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof CognigySessionDebuggerEventMap>(
    type: K,
    listener: (this: CognigySessionDebuggerElement, event: CognigySessionDebuggerEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "cognigy-session-debugger": CognigySessionDebuggerElement;
  }
}
