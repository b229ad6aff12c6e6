/**
 * Turns whatever was thrown into data.
 */
import type { Answer, Fault } from "./protocol.js";

const WASM_REFUSED = /content security policy|unsafe-eval|wasm code generation|call to WebAssembly/i;

/** Whether an error means that the page's policy forbids WebAssembly. */
export function isWasmRefusal(error: unknown): boolean {
  return error instanceof Error && error.name !== "DebuggerError" && WASM_REFUSED.test(error.message);
}

/** The error as data: known fields only, and never a foreign message, which could hold a value. */
export function toFault(error: unknown): Fault {
  if (isWasmRefusal(error)) {
    return { code: "WASM_BLOCKED", message: "WebAssembly was refused by a content security policy.", retryable: false };
  }
  if (error instanceof Error && error.name === "DebuggerError") {
    return copyFields(error);
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { code: "ABORTED", message: "Cancelled.", retryable: true };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: "INTERNAL", message: `The engine failed (${kind}).`, retryable: false };
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
  return fault;
}

/** Runs a call and gives its outcome as data. */
export async function answer<T>(call: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: toFault(error) };
  }
}
