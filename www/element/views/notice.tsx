/**
 * An error: what happened, what to do about it, and what the server said.
 */
import type { JSX } from "preact";
import type { Fault } from "../../worker/protocol.js";
import type { Connection } from "../model/session-model.js";
import { english, type MessageKey } from "../text/messages.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

/** Not retryable for a program, but a person may have changed something meanwhile. */
const AGAIN: ReadonlySet<Fault["code"]> = new Set(["UNAUTHENTICATED", "JSON_SYNTAX", "BODY_EMPTY"]);

/** So many names of members are shown. */
const MOST_MEMBERS = 20;
/** Nothing went wrong: the reader or the host wants it so. */
const AS_WANTED: ReadonlySet<Fault["code"]> = new Set(["ABORTED", "REVEAL_REFUSED"]);

export function Notice(): JSX.Element | null {
  const { model, t, actions } = useView();
  const { fault } = model;
  // Without a connection the empty table says what to do.
  if (!fault || (!model.connection && fault.code === "CONFIG_INVALID")) return null;
  const { code, status, requestId, problem, members = [] } = fault;
  const meaning = meaningOf(fault, model.connection);
  const isCalm = AS_WANTED.has(code);
  const dismiss = (): void => {
    model.dismiss();
    actions.focusGrid();
  };
  return (
    <div class={isCalm ? "notice calm" : "notice"} part="notice">
      <span class="notice-sign" aria-hidden="true">
        {isCalm ? "ⓘ" : "⚠"}
      </span>
      <div class="notice-text" role="alert" key={code}>
        <strong>{t.text(errorKey(meaning))}</strong> {t.text(errorKey(meaning, ".do"), faultValues(fault))}
        {problem !== undefined && code !== "WASM_BLOCKED" && (
          <span class="muted">
            {" "}
            “<ShownText text={problem} />”
          </span>
        )}
        {members.length > 0 && (
          <span class="host-error">
            {t.text("error.members", { count: members.length })}{" "}
            <span class="mono">
              <ShownText text={members.slice(0, MOST_MEMBERS).join(", ")} />
              {members.length > MOST_MEMBERS && ", …"}
            </span>
          </span>
        )}
        {fault.cause && (
          <span class="host-error mono">
            <ShownText text={`${fault.cause.name}: ${fault.cause.message}`} />
          </span>
        )}
        <span class="code">
          {code}
          {status !== undefined && ` · HTTP ${String(status)}`}
          {fault.attempts !== undefined && fault.attempts > 1 && ` · ${t.text("status.attempt", tried(fault))}`}
          {requestId !== undefined && (
            <>
              {" · "}
              <ShownText text={requestId} />
            </>
          )}
        </span>
      </div>
      <span class="buttons">
        {(fault.retryable || AGAIN.has(code)) && (
          <button type="button" class="small" name="retry" onClick={() => actions.retry()}>
            {t.text("action.retry")}
          </button>
        )}
        <button type="button" class="quiet" aria-label={t.text("action.dismiss")} name="dismiss" onClick={dismiss}>
          ✕
        </button>
      </span>
    </div>
  );
}

function tried(fault: Fault): { attempt: number; attempts: number } {
  const attempts = fault.attempts ?? 1;
  return { attempt: attempts, attempts };
}

/** The word under which a fault is explained; a token that was never sent cannot have expired. */
export function meaningOf({ code }: Fault, connection: Connection | undefined): string {
  const { tokenUrl, tokenCallback } = connection?.options ?? {};
  return code === "UNAUTHENTICATED" && connection && tokenUrl === undefined && !tokenCallback ? "NO_TOKEN" : code;
}

export function errorKey(code: string, suffix: "" | ".do" = ""): MessageKey {
  const key = `error.${code}${suffix}`;
  return key in english ? (key as MessageKey) : `error.INTERNAL${suffix}`;
}

export function faultValues(fault: Fault): Record<string, string | number> {
  return {
    message: fault.message,
    offset: fault.offset ?? "?",
    path: fault.path ?? "",
    directive: fault.problem ?? "worker-src",
  };
}
