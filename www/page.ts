/**
 * The stand-alone page: takes the session from its own address, and lists the sandbox's sessions where there is one.
 */
import type { CognigySessionDebuggerElement } from "./element/element.js";

interface SandboxSession {
  id: string;
  sentence: string;
}

const parameters = new URLSearchParams(location.search);
const view = document.querySelector<CognigySessionDebuggerElement>("cognigy-session-debugger");
const list = document.querySelector<HTMLDetailsElement>("#sessions");
const current = document.querySelector<HTMLElement>("#sentence");

const session = parameters.get("session");
// A link says more than the address without it.
if (view && !view.openViewLink() && session) view.sessionId = session;

// The address follows what is shown, so that a reload or a copied link leads back to it.
view?.addEventListener("snapshot", (event) => {
  const { sessionId, file } = (event as CustomEvent<{ sessionId: string; file?: string }>).detail;
  // No address leads to a file.
  if (file !== undefined) return markCurrent(null);
  const address = new URL(location.href);
  if (address.searchParams.get("session") === sessionId) return;
  address.searchParams.set("session", sessionId);
  history.replaceState(null, "", address);
  markCurrent(sessionId);
  if (list) list.open = false;
});

// Whose rows went away is not named any more.
for (const type of ["progress", "error"]) view?.addEventListener(type, () => markCurrent(view.sessionId));

function markCurrent(id: string | null): void {
  let sentence = "";
  for (const link of list?.querySelectorAll("a") ?? []) {
    const here = link.dataset.session === id;
    if (here) {
      link.setAttribute("aria-current", "page");
      sentence = link.querySelector("span")?.textContent ?? "";
    } else link.removeAttribute("aria-current");
  }
  if (!current) return;
  current.textContent = sentence;
  current.hidden = sentence === "";
}

function isSession(value: unknown): value is SandboxSession {
  if (typeof value !== "object" || value === null) return false;
  const { id, sentence } = value as Partial<SandboxSession>;
  return typeof id === "string" && typeof sentence === "string";
}

async function listSessions(): Promise<void> {
  const response = await fetch("/sandbox/sessions");
  if (!response.ok || !list) return;
  const { sessions } = (await response.json()) as { sessions?: unknown };
  for (const { id, sentence } of Array.isArray(sessions) ? sessions.filter(isSession) : []) {
    const link = document.createElement("a");
    link.href = `?session=${encodeURIComponent(id)}`;
    link.dataset.session = id;
    const [name, words] = [document.createElement("code"), document.createElement("span")];
    name.textContent = id;
    words.textContent = sentence;
    link.append(name, words);
    list.querySelector("nav")?.append(link);
  }
  list.hidden = list.querySelector("a") === null;
  // Who comes with a session has chosen already.
  list.open = !session;
  markCurrent(session);
}

// Elsewhere than in the sandbox there is no such list.
listSessions().catch(() => undefined);
