/**
 * What a reader may see: the mask that everything shown and handed on goes through, and what is revealed of it for a while.
 */
import type { Mask, MaskOptions, RevealOptions } from "../entry/index.js";
import type { Engine } from "./engine-host.js";
import type { ConnectOptions, Protection } from "./protocol.js";

export class Sight {
  #engine: Engine | undefined;
  #protection: Protection = { mode: "on", rules: undefined, reveal: undefined };
  /** The connection's, where the element says nothing. */
  #rules: MaskOptions | undefined;
  #reveal: boolean | RevealOptions | undefined;
  /** Made when they are first needed. Only the details reveal something; the table never does. */
  #mask: Mask | undefined;
  #detailMask: Mask | undefined;

  /** Takes the engine that masks are made with. */
  start(engine: Engine): void {
    this.#engine = engine;
  }

  /** Takes what the element says. */
  protect(protection: Protection): void {
    this.#protection = protection;
    this.#forget();
  }

  /** Takes what the connection says. */
  connect({ mask, reveal }: ConnectOptions): void {
    this.#reveal = reveal;
    // `false` is for receivers of webhooks: what a reader sees and hands on is masked.
    this.#rules = typeof mask === "object" ? (mask as MaskOptions) : undefined;
    this.#forget();
  }

  /** Whether hidden values may be shown, and how, under the connection that there is or another. */
  reveals(connection?: ConnectOptions): boolean | RevealOptions {
    const { mode, reveal } = this.#protection;
    const otherwise = connection ? connection.reveal : this.#reveal;
    return mode === "strict" ? false : (reveal ?? otherwise ?? true);
  }

  /** What displayed values go through. */
  shown(): Mask | false {
    return this.#protection.mode === "off" ? false : this.handOn();
  }

  /** What leaves the page goes through the mask whatever is displayed. */
  handOn(): Mask {
    if (!this.#engine) throw new Error("The engine comes first.");
    const { mode, rules = this.#rules } = this.#protection;
    this.#mask ??= new this.#engine.Mask({ ...rules, ...(mode === "strict" && { phone: true }) });
    return this.#mask;
  }

  /** What the details go through: the same, with what is revealed. */
  details(): Mask | false {
    const mask = this.shown();
    if (!mask || !this.#engine) return false;
    this.#detailMask ??= new this.#engine.Mask(mask);
    return this.#detailMask;
  }

  /** Hides what is revealed. Masks that went with an engine are found out by it, and made anew when they are next needed. */
  hide(): void {
    try {
      this.#mask?.hide();
      this.#detailMask?.hide();
    } catch {
      this.#forget();
    }
  }

  free(): void {
    this.#forget();
  }

  #forget(): void {
    try {
      this.#mask?.free();
      this.#detailMask?.free();
    } catch {
      // They stood in an engine that has broken down.
    }
    this.#mask = undefined;
    this.#detailMask = undefined;
  }
}
