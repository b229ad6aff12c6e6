/**
 * Turns whatever was thrown into data.
 */
import type { Engine } from "./engine-host.js";
import type { Answer, Cause, Fault } from "./protocol.js";

/** Of the message of a host's error this many characters are kept. */
const CAUSE_LENGTH = 1_000;

/** What was asked about has been replaced. */
export class Stale extends Error {}

/** The engine's own words, or that one of its files is missing: what the browser says of that names no way out. */
export function notStarted(error: unknown): Error {
  if (error instanceof Error && error.name === "DebuggerError") return error;
  const message = "The engine's files could not be loaded; they belong beside worker.js.";
  return Object.assign(new Error(message), { name: "DebuggerError", code: "WASM_NOT_LOADED", retryable: true });
}

/** Whether an error says that what stood in the engine was lost with it. */
export function isTrap(engine: Engine, error: unknown): boolean {
  return engine.isDebuggerError(error) && error.code === "WASM_TRAP";
}

/**
 * The error as data: known fields only, and no foreign message, which could hold a value. What the host's own function
 * threw goes back to the host.
 */
export function toFault(error: unknown): Fault {
  if (error instanceof Error && error.name === "DebuggerError") {
    return copyFields(error);
  }
  if (error instanceof Stale) return { code: "STALE", message: "This has been replaced.", retryable: false };
  if (error instanceof Error && error.name === "AbortError") {
    return { code: "ABORTED", message: "Cancelled.", retryable: true };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: "INTERNAL", message: `Unexpected ${kind}.`, retryable: false };
}

function copyFields(error: Error): Fault {
  const given = error as Error & Partial<Fault>;
  const fault: Fault = {
    code: given.code ?? "INTERNAL",
    message: error.message,
    retryable: given.retryable === true,
  };
  for (const key of ["status", "attempts", "retryAfterMs", "offset"] as const) {
    const value = given[key];
    if (typeof value === "number") fault[key] = value;
  }
  for (const key of ["path", "requestId", "problem"] as const) {
    const value = given[key];
    if (typeof value === "string") fault[key] = value;
  }
  if (given.members) fault.members = given.members;
  if (fault.code === "SOURCE_FAILED" || fault.code === "TOKEN_PROVIDER_FAILED") {
    const cause = copyCause(error.cause);
    if (cause) fault.cause = cause;
  }
  return fault;
}

function copyCause(cause: unknown): Cause | undefined {
  if (typeof cause === "string") return { name: "Error", message: cause.slice(0, CAUSE_LENGTH) };
  if (typeof cause !== "object" || cause === null) return undefined;
  const { name = "Error", message } = cause as Partial<Record<"name" | "message", unknown>>;
  if (typeof message !== "string") return undefined;
  return { name: String(name).slice(0, 100), message: message.slice(0, CAUSE_LENGTH) };
}

/** Runs a call and gives its outcome as data. */
export async function answer<T>(call: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: toFault(error) };
  }
}
