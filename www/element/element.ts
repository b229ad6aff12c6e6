/**
 * The custom element: attributes and properties in, events out.
 */
import { h, render } from "preact";
import type { DebuggerOptions, MaskOptions, Source, TokenProvider } from "../entry/index.js";
import { type HostSettings, readConnection, readKeep, readProtection, refuseSanitize, workerSource } from "./config.js";
import type { EnginePlace } from "./engine/engine-link.js";
import { ElementEvents } from "./events.js";
import { SessionModel } from "./model/session-model.js";
import { readViewLink, writeViewLink } from "./model/view-link.js";
import { applyViewState, readViewState, type ViewState } from "./model/view-state.js";
import { adoptStyles } from "./styles/sheets.js";
import type { MessageTable } from "./text/messages.js";
import { Translator } from "./text/translator.js";
import { App } from "./views/app.js";

const CONNECTION_ATTRIBUTES = ["base-url", "token-url", "path", "policy", "worker-src"];
const MASK_ATTRIBUTES = ["mask", "reveal"];
const VIEW_ATTRIBUTES = ["lang", "label", "scopes", "links"];
const PROPERTIES = [
  "options",
  "token",
  "source",
  "sessionId",
  "workerUrl",
  "messages",
  "maskRules",
  "viewState",
] as const;
const DEFAULT_SCOPES = ["user", "session", "bot", "global"];

// A server has no elements; there the class can be imported but not used.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class CognigySessionDebuggerElement extends Base {
  static readonly observedAttributes = [
    "session-id",
    "max-history",
    ...CONNECTION_ATTRIBUTES,
    ...MASK_ATTRIBUTES,
    ...VIEW_ATTRIBUTES,
  ];

  /** Settles once the engine has started; failures come as `error` events. */
  readonly ready: Promise<EnginePlace>;
  readonly #model: SessionModel;
  readonly #events: ElementEvents;
  #options: DebuggerOptions | undefined;
  #token: string | TokenProvider | undefined;
  #source: Source | undefined;
  #workerUrl: string | URL | Worker | undefined;
  #maskRules: MaskOptions | undefined;
  #messages: MessageTable = {};
  #translator: Translator | undefined;
  #scheduled = new Set<"connect" | "load" | "render">();
  #shown = false;
  #resume = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true });
    let started: (place: EnginePlace) => void = () => undefined;
    this.ready = new Promise((resolve) => {
      started = resolve;
    });
    this.#events = new ElementEvents(this, () => this.#schedule("render"), started);
    this.#model = new SessionModel(this.#events);
  }

  connectedCallback(): void {
    for (const name of PROPERTIES) upgrade(this, name);
    if (this.shadowRoot) adoptStyles(this.shadowRoot);
    this.#shown = true;
    this.#schedule("render");
    if (!this.#model.connection) this.#schedule("connect");
    if (this.#resume || (!this.#model.summary && this.#model.query.sessionId !== "")) this.#schedule("load");
    this.#resume = false;
  }

  disconnectedCallback(): void {
    // An element that is only moved is back before the microtask runs.
    queueMicrotask(() => {
      if (this.isConnected || !this.#shown || !this.shadowRoot) return;
      this.#shown = false;
      this.#resume = this.#model.loading;
      this.#model.cancel();
      render(null, this.shadowRoot);
    });
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === "session-id") this.sessionId = now ?? "";
    else if (name === "max-history") this.#model.keep = readKeep(now);
    else if (MASK_ATTRIBUTES.includes(name)) this.#protect();
    else if (CONNECTION_ATTRIBUTES.includes(name)) this.#schedule("connect");
    else {
      this.#translator = undefined;
      this.#schedule("render");
    }
  }

  get options(): DebuggerOptions | undefined {
    return this.#options;
  }
  set options(options: DebuggerOptions | undefined) {
    refuseSanitize(options?.mask);
    this.#options = options;
    this.#schedule("connect");
  }

  get token(): string | TokenProvider | undefined {
    return this.#token;
  }
  set token(token: string | TokenProvider | undefined) {
    const sameKind = typeof token === "function" && typeof this.#token === "function";
    this.#token = token;
    if (!sameKind) this.#schedule("connect");
  }

  get source(): Source | undefined {
    return this.#source;
  }
  set source(source: Source | undefined) {
    const sameKind = source !== undefined && this.#source !== undefined;
    this.#source = source;
    if (!sameKind) this.#schedule("connect");
  }

  get workerUrl(): string | URL | Worker | undefined {
    return this.#workerUrl;
  }
  set workerUrl(worker: string | URL | Worker | undefined) {
    this.#workerUrl = worker;
    this.#schedule("connect");
  }

  get maskRules(): MaskOptions | undefined {
    return this.#maskRules;
  }
  set maskRules(rules: MaskOptions | undefined) {
    refuseSanitize(rules);
    this.#maskRules = rules;
    this.#protect();
  }

  get sessionId(): string {
    return this.#model.query.sessionId;
  }
  set sessionId(sessionId: string) {
    if (sessionId === this.#model.query.sessionId) return;
    this.#model.query = { ...this.#model.query, sessionId };
    this.#schedule("render");
    if (sessionId !== "") this.#schedule("load");
  }

  get messages(): MessageTable {
    return this.#messages;
  }
  set messages(messages: MessageTable) {
    this.#messages = messages;
    this.#translator = undefined;
    this.#schedule("render");
  }

  get viewState(): ViewState {
    return this.getViewState();
  }
  set viewState(state: Partial<ViewState>) {
    const before = this.#model.query;
    void applyViewState(this.#model, state).catch(() => undefined);
    if (this.#model.query !== before && this.#model.query.sessionId !== "") {
      void this.load()
        .then(() => applyViewState(this.#model, { ...(state.selected && { selected: state.selected }) }))
        .catch(() => undefined);
    }
  }

  getViewState(): ViewState {
    return readViewState(this.#model);
  }

  /** A link to what the reader has set up. */
  viewLink(address = location.href): Promise<string> {
    const { query, ...state } = this.getViewState();
    const model = this.#model;
    if (!model.connection) model.worker = workerSource(this.settings().worker);
    const selection = this.getAttribute("links") === "selection";
    // Of a file there is nothing to read again.
    const told = model.summary?.file === undefined ? query : { ...query, sessionId: "" };
    return writeViewLink(address, { ...state, query: told }, { selection, hides: (texts) => model.hides(texts) });
  }

  /** Restores what a link holds. */
  openViewLink(address = location.href): boolean {
    const state = readViewLink(address);
    if (state) this.viewState = state;
    return state !== undefined;
  }

  /** Reads a session; without an id the one that is set. */
  async load(sessionId?: string) {
    if (sessionId !== undefined) this.#model.query = { ...this.#model.query, sessionId };
    this.#scheduled.delete("load");
    this.#connectNow();
    return this.#events.summaryOf(await this.#model.load());
  }

  async refresh() {
    this.#scheduled.delete("load");
    this.#connectNow();
    return this.#events.summaryOf(await this.#model.refresh());
  }

  /** Shows a file that was saved here; no tenant is asked. */
  async openFile(file: Blob) {
    this.#scheduled.delete("load");
    this.#connectNow();
    return this.#events.summaryOf(await this.#model.openFile(file));
  }

  /** Tells changes by another session or by a saved file; without either by the read before. */
  async compareWith(other?: string | Blob): Promise<void> {
    this.#connectNow();
    await (other === undefined
      ? this.#model.comparison.withMoment(undefined)
      : this.#model.comparison.withOther(other));
  }

  /** Says of the last read what turn of the conversation it shows. */
  labelTurn(turn?: string): Promise<boolean> {
    return this.#model.labelTurn(turn);
  }

  cancel(): void {
    this.#model.cancel();
  }

  /** Forgets the token: the user has logged out. */
  dropToken(): Promise<void> {
    return this.#model.dropToken();
  }

  /** Gives back everything that the engine holds for this element; a later load starts anew. */
  destroy(): void {
    this.#model.close();
    this.#schedule("render");
  }

  /** Takes what is hidden at once: nothing is drawn by the rules before. */
  #protect(): void {
    void this.#model.protect(readProtection(this.settings()));
  }

  #schedule(what: "connect" | "load" | "render"): void {
    const first = this.#scheduled.size === 0;
    this.#scheduled.add(what);
    if (first) queueMicrotask(() => this.#run());
  }

  #run(): void {
    const due = this.#scheduled;
    this.#scheduled = new Set();
    if (!this.#shown) {
      // Nothing is asked for, and nothing drawn, by an element that is not in a document.
      if (due.has("connect") && this.#model.connection) this.#connectSoon();
      return;
    }
    // A session that was named before there was a tenant is read as soon as there is one.
    const waiting = !this.#model.connection && Boolean(this.#model.asked?.sessionId);
    if (due.has("connect")) this.#connectSoon();
    if (due.has("load") || (waiting && this.#model.connection)) void this.#model.load().catch(() => undefined);
    this.#events.noteViewState(this.#model);
    this.#render();
  }

  #connectNow(): void {
    if (this.#scheduled.delete("connect") || !this.#model.connection) this.#connectSoon();
  }

  #connectSoon(): void {
    const connection = readConnection(weakly(this));
    if (!connection) this.#model.worker = workerSource(this.settings().worker);
    if (connection) void this.#model.connect(connection).catch(() => undefined);
  }

  /** What the host has set; the engine's callbacks read it anew each time. */
  settings(): HostSettings {
    return {
      baseUrl: this.getAttribute("base-url"),
      tokenUrl: this.getAttribute("token-url"),
      path: this.getAttribute("path"),
      policy: this.getAttribute("policy"),
      options: this.#options,
      token: this.#token,
      source: this.#source,
      mask: this.getAttribute("mask"),
      maskRules: this.#maskRules,
      reveal: this.getAttribute("reveal"),
      worker: this.#workerUrl ?? this.getAttribute("worker-src") ?? undefined,
    };
  }

  #render(): void {
    if (!this.shadowRoot) return;
    this.#translator ??= new Translator(this.#messages, this.lang || document.documentElement.lang);
    const props = {
      model: this.#model,
      t: this.#translator,
      scopes:
        this.getAttribute("scopes")
          ?.split(/[\s,]+/)
          .filter(Boolean) ?? DEFAULT_SCOPES,
      label: this.getAttribute("label") ?? undefined,
      redraw: () => this.#schedule("render"),
      link: this.hasAttribute("links") ? () => this.viewLink() : undefined,
    };
    render(h(App, props), this.shadowRoot);
  }
}

/** The worker keeps the callbacks; they must not keep the element. */
function weakly(element: CognigySessionDebuggerElement): () => HostSettings {
  const reference = new WeakRef(element);
  return () => {
    const alive = reference.deref();
    if (!alive) throw new Error("The element is gone.");
    return alive.settings();
  };
}

/** A property that was set before the element was defined hides the accessor; it is set again. */
function upgrade(element: HTMLElement, name: string): void {
  if (!Object.hasOwn(element, name)) return;
  const value: unknown = Reflect.get(element, name);
  Reflect.deleteProperty(element, name);
  Reflect.set(element, name, value);
}
