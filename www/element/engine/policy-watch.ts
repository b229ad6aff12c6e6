/**
 * Learns which directive of the page's policy refused something while the engine starts.
 */

/** The directives that were violated during a call, for a message that names them. */
export async function watchPolicy<T>(call: (violated: ReadonlySet<string>) => Promise<T>): Promise<T> {
  const violated = new Set<string>();
  const note = (event: SecurityPolicyViolationEvent): void => {
    // That WebAssembly is refused in the page says nothing of the worker.
    if (event.blockedURI !== "wasm-eval") violated.add(event.effectiveDirective);
  };
  document.addEventListener("securitypolicyviolation", note);
  try {
    return await call(violated);
  } finally {
    document.removeEventListener("securitypolicyviolation", note);
  }
}
