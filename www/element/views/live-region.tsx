/**
 * What is spoken: one message at a time, not more often than every two seconds, the latest only.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { pathOfRow } from "../model/row-key.js";
import { useView } from "./context.js";
import { isWait, phaseText } from "./status-bar.js";

const INTERVAL_MS = 2_000;

export function LiveRegion(): JSX.Element {
  const message = useMessage();
  const [spoken, setSpoken] = useState("");
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + INTERVAL_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSpoken(message);
    }, wait);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <div class="spoken" role="status">
      {spoken}
    </div>
  );
}

/**
 * A wait is spoken when it starts, with its full length; not again each second. A snapshot is told once, when it comes: not
 * after a later load that failed, nor when a filter is cleared. Failures are alerts of their own.
 */
function useMessage(): string {
  const { model, t } = useView();
  const { loading, progress, summary, table } = model;
  const told = useRef(summary);
  const working = useRef(false);
  const inQueue = useRef("");
  const { filter } = table.view;
  if ((loading && !working.current) || model.fault || filter !== "") told.current = summary;
  working.current = loading;
  const { revealedFor } = model.detail;
  // Told until something else happens.
  const wasShown = useRef<{ filter: string } | undefined>(undefined);
  if (revealedFor !== undefined) wasShown.current = { filter };
  else if (loading || model.fault || wasShown.current?.filter !== filter) wasShown.current = undefined;
  if (revealedFor !== undefined) return t.text("mask.shown", { time: t.seconds(revealedFor) });
  if (wasShown.current) return t.text("mask.hidden-again");
  // What is left of a wait in the queue is told anew each second.
  const queued = loading && progress?.phase === "queued" && isWait(progress);
  if (queued) inQueue.current ||= phaseText(t, progress, progress.waitMs ?? 0);
  else inQueue.current = "";
  if (queued) return inQueue.current;
  if (loading) return isWait(progress) ? phaseText(t, progress, progress.waitMs ?? 0) : "";
  if (model.fault || table.searching) return "";
  if (filter !== "") {
    const { current, number, count } = table.hits;
    const row = current && table.row(table.active.row);
    if (row && number !== undefined) return t.text("hits.spoken", { at: number, all: count, path: pathOfRow(row) });
    return t.text("status.hits", { count: table.selected });
  }
  if (!summary || summary === told.current) return "";
  const loaded = t.text("status.loaded", { count: summary.size });
  const { added = 0, changed = 0, removed = 0 } = table.rows?.head.changes ?? {};
  const count = added + changed + removed;
  const parts = [loaded];
  if (count > 0) parts.push(t.text("status.changed", { count }));
  if (model.outbox.atRisk && summary.id === model.outbox.toldWith) parts.push(t.text("status.outbox"));
  return parts.join(", ");
}
