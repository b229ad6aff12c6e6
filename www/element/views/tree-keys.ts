/**
 * The value tree's keys.
 */
import type { DetailModel } from "../model/detail-model.js";
import { type MoreLine, partOf, type TreeLine, type TreeModel } from "../model/tree-model.js";
import { isRtl } from "./direction.js";

type Line = TreeLine | MoreLine;

export function treeKeys(
  event: KeyboardEvent,
  tree: TreeModel,
  lines: readonly Line[],
  active: string | undefined,
  detail: DetailModel,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = Math.max(
    0,
    lines.findIndex((line) => line.id === active),
  );
  const line = lines[at];
  if (!line) return;
  const forward = isRtl(event.currentTarget) ? "ArrowLeft" : "ArrowRight";
  const back = isRtl(event.currentTarget) ? "ArrowRight" : "ArrowLeft";
  let next: Line | undefined;
  if (event.key === "ArrowDown") next = lines[at + 1];
  else if (event.key === "ArrowUp") next = lines[at - 1];
  else if (event.key === "Home") next = lines[0];
  else if (event.key === "End") next = lines.at(-1);
  else if (event.key === forward) next = inwards(tree, line, lines[at + 1]);
  else if (event.key === back) next = outwards(tree, line, lines);
  else if (event.key === "Enter" || event.key === " ") press(tree, line, detail);
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (!next) return;
  tree.active = next.id;
  // Choosing also draws the tree again.
  if ("node" in next) void detail.choose(partOf(next));
  else detail.setTab(detail.tab);
}

function inwards(tree: TreeModel, line: Line, below: Line | undefined): Line | undefined {
  if (!("node" in line) || !line.node.childCount) return undefined;
  if (line.open) return below;
  void tree.toggle(line, true);
  return undefined;
}

function outwards(tree: TreeModel, line: Line, lines: readonly Line[]): Line | undefined {
  if ("node" in line && line.open) {
    void tree.toggle(line, false);
    return undefined;
  }
  const parent = "node" in line ? line.path.slice(0, -1) : line.path;
  return lines.find((other) => other.id === parent.join("."));
}

function press(tree: TreeModel, line: Line, detail: DetailModel): void {
  if (!("node" in line)) void tree.more(line.path);
  else if (line.node.childCount) void tree.toggle(line);
  else {
    void detail.choose(partOf(line));
    // The tree shows the beginning only.
    if (line.node.truncated) detail.setTab("raw");
  }
}
