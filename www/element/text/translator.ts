/**
 * Looks up words, and writes numbers, sizes and times the way the reader's language does.
 */
import { english, type MessageKey, type MessageTable } from "./messages.js";

export class Translator {
  readonly #table: MessageTable;
  readonly #rules: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;
  readonly #sizes: Intl.NumberFormat;
  readonly #times: Intl.DateTimeFormat;
  readonly #fullTimes: Intl.DateTimeFormat;

  /** @param lang A BCP 47 tag; one that is not known falls back to the browser's language. */
  constructor(table: MessageTable, lang: string | undefined) {
    const locale = supported(lang);
    this.#table = table;
    // The built-in texts are English, and so are their plural forms.
    this.#rules = new Intl.PluralRules(Object.keys(table).length > 0 ? locale : "en");
    this.#numbers = new Intl.NumberFormat(locale);
    this.#sizes = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#times = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
    this.#fullTimes = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long" });
  }

  text(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
    const message = this.#table[key] ?? english[key];
    const count = values.count;
    const form = typeof message === "string" ? message : (message[this.#category(count)] ?? message.other);
    return form.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return whole;
      return typeof value === "number" ? this.number(value) : value;
    });
  }

  /** A rule's name as a person reads it. Those of the host are words with hyphens too. */
  rule(rule: string): string {
    return rule === "email" ? this.text("mask.email") : rule.replaceAll("-", " ");
  }

  number(value: number): string {
    return this.#numbers.format(value);
  }

  /** Bytes in B, kB or MB of 1,000. */
  bytes(count: number): string {
    if (count < 1_000) return `${this.number(count)} B`;
    if (count < 999_500) return `${this.#sizes.format(count / 1_000)} kB`;
    return `${this.#sizes.format(count / 1_000_000)} MB`;
  }

  time(ms: number): string {
    return this.#times.format(ms);
  }

  fullTime(ms: number): string {
    return this.#fullTimes.format(ms);
  }

  seconds(ms: number): string {
    return this.number(Math.round(ms / 1_000));
  }

  /** Minutes and seconds, for a countdown. */
  countdown(ms: number): string {
    const seconds = Math.max(0, Math.ceil(ms / 1_000));
    return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
  }

  #category(count: string | number | undefined): Intl.LDMLPluralRule {
    return typeof count === "number" ? this.#rules.select(count) : "other";
  }
}

function supported(lang: string | undefined): string | undefined {
  if (!lang) return undefined;
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang)[0];
  } catch {
    return undefined;
  }
}
