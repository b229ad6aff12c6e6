/**
 * The line at the bottom: what is going on, else what is shown.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Progress } from "../../entry/index.js";
import type { ChangeCounts } from "../../worker/protocol.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

export function StatusBar(): JSX.Element {
  const { model } = useView();
  return (
    <footer class="bar status" part="status">
      {model.summary && (
        <span class="session mono" title={model.summary.sessionId}>
          <ShownText text={model.summary.sessionId} />
        </span>
      )}
      {model.loading ? <Working progress={model.progress} /> : <Summary />}
    </footer>
  );
}

/** The parts of the progress that are known; the others are left out rather than guessed. */
function Working({ progress }: { progress: Progress | undefined }): JSX.Element {
  const { model, t, actions } = useView();
  const left = useCountdown(progress, model.progressAt);
  const done = progress && fraction(progress);
  return (
    <>
      {done !== undefined && <progress part="progress" max={1} value={done} aria-label={t.text("status.progress")} />}
      <span class={isWait(progress) ? "phase limited" : "phase"}>
        {progress || !model.place ? phaseText(t, progress, left) : t.text("status.progress")}
      </span>
      {progress && progressParts(t, progress).map((part) => <span key={part}>{part}</span>)}
      <button type="button" class="small" name="cancel" onClick={() => actions.cancel()}>
        {t.text("query.cancel")}
      </button>
    </>
  );
}

type Words = ReturnType<typeof useView>["t"];

/** Whether it is known for whom, and for how long. Of a request under way nobody knows when it ends. */
export function isWait(progress: Progress | undefined): progress is Progress & Required<Pick<Progress, "waitFor">> {
  if (!progress?.waitFor) return false;
  return progress.phase === "waiting" || (progress.phase === "queued" && progress.waitMs !== undefined);
}

export function phaseText(t: Words, progress: Progress | undefined, leftMs: number): string {
  if (!progress) return t.text("status.starting");
  if (!isWait(progress)) return t.text(`status.${progress.phase}`);
  return t.text(`status.wait-${progress.waitFor}`, { time: t.countdown(leftMs) });
}

export function progressParts(t: Words, progress: Progress): string[] {
  const { page, pages, variables, bytes, attempt, attempts, requestsUsed, requestsAllowed, ahead } = progress;
  const parts: string[] = [];
  if (ahead) parts.push(t.text("status.ahead", { count: ahead }));
  if (pages !== undefined) parts.push(t.text("status.page-of", { page, pages }));
  else if (page > 1) parts.push(t.text("status.page", { page }));
  if (variables > 0) parts.push(t.text("status.variables", { count: variables }));
  if (bytes > 0) parts.push(t.bytes(bytes));
  if (attempt > 1) parts.push(t.text("status.attempt", { attempt, attempts }));
  if (requestsAllowed > 0) parts.push(t.text("status.requests", { used: requestsUsed, allowed: requestsAllowed }));
  return parts;
}

/** How much is done, only where the tenant has said how much there is. */
function fraction(progress: Progress): number | undefined {
  const { page, pages, bytes, pageBytes } = progress;
  if (pages !== undefined && pages > 1) return Math.min(1, (page - 1) / pages);
  if (page === 1 && pageBytes) return Math.min(1, bytes / pageBytes);
  return undefined;
}

/** What is left of a wait, each second. */
function useCountdown(progress: Progress | undefined, reportedAt: number): number {
  const [now, setNow] = useState(0);
  const waiting = isWait(progress);
  useEffect(() => {
    if (!waiting) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [waiting, reportedAt]);
  return (progress?.waitMs ?? 0) - Math.max(0, now - reportedAt);
}

/** How many are new, other and gone, by the signs of their rows; empty where nothing is. */
export function changeCounts(t: Words, { added, changed, removed }: Partial<ChangeCounts> = {}): string {
  return [added && `+${t.number(added)}`, changed && `~${t.number(changed)}`, removed && `−${t.number(removed)}`]
    .filter(Boolean)
    .join(" ");
}

function Summary(): JSX.Element {
  const { model, t } = useView();
  const { summary, place } = model;
  const counts = changeCounts(t, model.table.rows?.head.changes);
  return (
    <>
      {summary ? (
        <>
          <span>{t.text("status.variables", { count: summary.size })}</span>
          {summary.systemCount > 0 && <span>{t.text("status.system", { count: summary.systemCount })}</span>}
          {model.table.view.filter !== "" && model.table.rows && (
            <span class="shown">
              {model.table.counting
                ? t.text("status.first", { count: model.table.total })
                : model.table.searching
                  ? t.text("status.searching")
                  : t.text("status.shown", { shown: model.table.selected, all: model.table.rows.head.unfiltered })}
            </span>
          )}
          {summary.entryCount !== summary.size && (
            <span>{t.text("status.entries", { count: summary.entryCount })}</span>
          )}
          {summary.unreadableCount > 0 && (
            <span class="warning">⚠ {t.text("status.unreadable", { count: summary.unreadableCount })}</span>
          )}
          {summary.file !== undefined && (
            <span>
              <ShownText text={t.text("file.shown", { file: summary.file })} />
            </span>
          )}
          {counts && counts !== "" && <span title={t.text("status.changes-title")}>{counts}</span>}
          {!summary.complete && <span class="warning">⚠ {t.text("status.incomplete")}</span>}
          <span title={t.fullTime(summary.takenAt)}>{t.text("status.taken", { time: t.time(summary.takenAt) })}</span>
        </>
      ) : (
        <span>{t.text("status.idle")}</span>
      )}
      <AtRisk />
      {place?.refused !== undefined && (
        <span class="warning" title={t.text("status.in-page-title", { directive: place.refused })}>
          ⚠ {t.text("status.in-page")}: {place.refused}
        </span>
      )}
      {place && <span class="end muted">v{place.version}</span>}
    </>
  );
}

/** That the webhook's outbox is lost with the page, though it was not to be. */
function AtRisk(): JSX.Element | null {
  const { model, t } = useView();
  const { atRisk } = model.outbox;
  if (!atRisk) return null;
  const { waiting, dead } = atRisk;
  const counts = [
    t.text("status.outbox-waiting", { count: waiting }),
    ...(dead > 0 ? [t.text("status.outbox-dead", { count: dead })] : []),
  ];
  return (
    <span class="warning" title={t.text("status.outbox-title")}>
      ⚠ {t.text("status.outbox")}: {counts.join(", ")}
    </span>
  );
}
