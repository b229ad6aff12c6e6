/**
 * Makes the worker, through one Trusted Types policy that accepts the worker's own URL and nothing else.
 */

/** The name to allow in the page's `trusted-types` directive. */
export const POLICY_NAME = "cognigy-session-debugger";

interface TypePolicy {
  createScriptURL(url: string): string;
}

interface TypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TypePolicy;
}

/** The URLs that were asked for by our own code or by the host's, never by data. */
const accepted = new Set<string>();
let policy: TypePolicy | undefined;

function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: TypePolicyFactory }).trustedTypes;
  if (!factory) return url;
  policy ??= factory.createPolicy(POLICY_NAME, {
    createScriptURL(candidate) {
      if (accepted.has(candidate)) return candidate;
      throw new TypeError("Only the debugger's worker may be loaded through this policy.");
    },
  });
  return policy.createScriptURL(url);
}

/** Stands in for the global class so that the expression in {@link ownWorker} stays the one that bundlers look for. */
function trustedClass(note: (address: string) => void): typeof globalThis.Worker {
  return class extends globalThis.Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      note(String(url));
      accepted.add(String(url));
      super(trusted(String(url)), options);
    }
  };
}

function ownWorker(Worker: typeof globalThis.Worker): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: POLICY_NAME });
}

/** The worker at the host's URL, or our own beside this file; `note` is told its address. Throws where the page's policy forbids it. */
export function startWorker(url: URL | undefined, note: (address: string) => void): Worker {
  const TrustedWorker = trustedClass(note);
  return url ? new TrustedWorker(url, { type: "module", name: POLICY_NAME }) : ownWorker(TrustedWorker);
}
