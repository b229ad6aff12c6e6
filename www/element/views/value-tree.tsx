/**
 * The parts of an object or array: a tree with one Tab stop whose branches are asked for when they are opened.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type MoreLine, PIECE, partOf, type TreeLine, type TreeModel } from "../model/tree-model.js";
import { useView } from "./context.js";
import { Duplicate, NoteMark, TypeMark } from "./marks.js";
import { PartsMark } from "./masked.js";
import { ShownText } from "./shown-text.js";
import { treeKeys } from "./tree-keys.js";
import { Count, TypedText } from "./value-text.js";

export function ValueTree({ tree }: { tree: TreeModel }): JSX.Element {
  const { model, t } = useView();
  const box = useRef<HTMLDivElement>(null);
  const lines = tree.lines();
  const active = lines.some((line) => line.id === tree.active) ? tree.active : lines[0]?.id;
  const seen = useRef(active);
  useLayoutEffect(() => {
    const moved = seen.current !== active;
    seen.current = active;
    const root = box.current?.getRootNode() as ShadowRoot | undefined;
    const inside = root?.activeElement && box.current?.contains(root.activeElement);
    if (moved && inside) box.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  return (
    <div
      class="tree"
      ref={box}
      role="tree"
      aria-label={t.text("value.tree", { name: model.detail.row?.name ?? "" })}
      onKeyDown={(event) => treeKeys(event, tree, lines, active, model.detail)}
    >
      {lines.length === 0 && <p class="placeholder">{model.detail.row?.text}</p>}
      {lines.map((line) =>
        "node" in line ? (
          <Branch key={line.id} line={line} tree={tree} active={line.id === active} />
        ) : (
          <More key={line.id} line={line} tree={tree} active={line.id === active} />
        ),
      )}
    </div>
  );
}

function Branch({ line, tree, active }: { line: TreeLine; tree: TreeModel; active: boolean }): JSX.Element {
  const { model } = useView();
  const { node, open, level } = line;
  const parent = (node.childCount ?? 0) > 0;
  const chosen = model.detail.part.path.join(".") === line.id;
  const press = (): void => {
    tree.active = line.id;
    if (parent) void tree.toggle(line);
    void model.detail.choose(partOf(line));
  };
  return (
    <div
      class="branch"
      role="treeitem"
      aria-level={level}
      aria-posinset={node.ordinal + 1}
      aria-setsize={line.siblings}
      aria-expanded={parent ? open : undefined}
      aria-selected={chosen}
      tabIndex={active ? 0 : -1}
      style={{ "--_level": String(level - 1) }}
      onClick={press}
    >
      <span class={parent ? "twisty" : "twisty leaf"} aria-hidden="true" />
      <span class="key">
        {node.key === undefined ? <span class="muted">{node.ordinal}</span> : <Key name={node.key} />}
        {node.duplicate && <Duplicate kind={node.duplicate} />}
      </span>
      <TypeMark type={node.type} word={false} />
      <span class="mono ellipsis">
        <TypedText value={node} />
      </span>
      {node.childCount !== undefined && <Count count={node.childCount} />}
      {node.note && <NoteMark note={node.note} />}
      {node.masked && <PartsMark masked={node.masked} />}
    </div>
  );
}

function Key({ name }: { name: string }): JSX.Element {
  return name === "" ? <span class="muted">""</span> : <ShownText text={name} />;
}

function More({ line, tree, active }: { line: MoreLine; tree: TreeModel; active: boolean }): JSX.Element {
  const { t } = useView();
  return (
    <div
      class="branch more-line"
      role="treeitem"
      aria-level={line.level}
      tabIndex={active ? 0 : -1}
      style={{ "--_level": String(line.level - 1) }}
      onClick={() => void tree.more(line.path)}
    >
      <span class="twisty leaf" />
      <span class="link">{t.text("value.more", { count: Math.min(PIECE, line.remaining) })}</span>
      <span class="muted">{t.text("value.left", { count: line.remaining })}</span>
    </div>
  );
}
