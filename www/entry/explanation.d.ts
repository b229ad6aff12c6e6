import type { MaskChoice, MaskedValue } from "./mask.js";
import type { ValueType } from "./reading.js";
import type { Snapshot } from "./snapshot.js";
import type { Precedence } from "./snapshot-options.js";

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
  /** The place among the page's items that the query asks for, from 0, unreadable ones included. */
  position: number;
}

/**
 * What a warning is about: the system flag is a guess from the name; equal values came as different texts; other names
 * differ only by letter case, space or Unicode form (compared in the form NFKC); an unknown scope differs from a known one
 * only by letter case or space, and is not taken for it; another scope won in the earlier snapshot; not all scopes were loaded.
 */
export type ExplanationWarningCode =
  | "system-guessed"
  | "same-value-other-text"
  | "similar-names"
  | "similar-scope"
  | "winner-changed"
  | "loaded-scopes-only";

/** One thing to be wary of in an explanation. */
export interface ExplanationWarning {
  code: ExplanationWarningCode;
  /** A sentence for people, without values and without other names. */
  message: string;
  /** The scopes whose text differs, the unknown one, or the one that won before; else empty. */
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
