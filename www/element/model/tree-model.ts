/**
 * The value tree of one variable: which parts are open, and their children as far as they have been asked for.
 */
import type { ValueNode } from "../../entry/index.js";
import type { HostApi } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";
import type { PathKey } from "../text/paths.js";
import type { Part } from "./detail-model.js";

/** Children come in pieces of this many. */
export const PIECE = 100;

/** A line of the tree. */
export interface TreeLine {
  /** Identifies the line: its positions from the value down. */
  id: string;
  path: number[];
  keys: PathKey[];
  level: number;
  node: ValueNode;
  open: boolean;
  siblings: number;
}

/** A line that asks for more children. */
export interface MoreLine {
  id: string;
  path: number[];
  level: number;
  remaining: number;
}

/** The part of the value that a line stands for. */
export function partOf({ path, keys, node }: TreeLine): Part {
  return { path, keys, isText: node.type === "string", ...(node.masked && { hiddenBy: node.masked.rule }) };
}

interface Children {
  total: number;
  nodes: ValueNode[];
}

export class TreeModel {
  /** The line that has the keyboard. */
  active: string | undefined;
  readonly #open = new Set<string>();
  readonly #children = new Map<string, Children>();
  readonly #host: HostApi;
  readonly #snapshot: number;
  readonly #entry: number;
  readonly #changed: () => void;

  constructor(host: HostApi, snapshot: number, entry: number, changed: () => void) {
    this.#host = host;
    this.#snapshot = snapshot;
    this.#entry = entry;
    this.#changed = changed;
  }

  /** Loads the first children, and opens again what was open in an earlier snapshot's tree. */
  async start(earlier: TreeModel | undefined): Promise<void> {
    await this.#load([]);
    if (!earlier) return;
    for (const id of [...earlier.#open].sort((a, b) => a.length - b.length)) await this.#openAgain(id);
    this.active = earlier.active;
    this.#changed();
  }

  lines(): (TreeLine | MoreLine)[] {
    const lines: (TreeLine | MoreLine)[] = [];
    this.#collect(lines, [], []);
    return lines;
  }

  async toggle(line: TreeLine, open = !line.open): Promise<void> {
    if (!line.node.childCount) return;
    if (open) {
      this.#open.add(line.id);
      if (!this.#children.has(line.id)) await this.#load(line.path);
    } else {
      this.#open.delete(line.id);
    }
    this.#changed();
  }

  async more(path: number[]): Promise<void> {
    await this.#load(path);
    this.#changed();
  }

  async #openAgain(id: string): Promise<void> {
    const path = id.split(".").map(Number);
    try {
      await this.#load(path);
      this.#open.add(id);
    } catch {
      // The new value has no such part.
    }
  }

  async #load(path: number[]): Promise<void> {
    const id = path.join(".");
    const have = this.#children.get(id)?.nodes ?? [];
    const window = { offset: have.length, limit: PIECE };
    const { total, nodes } = unwrap(await this.#host.children(this.#snapshot, this.#entry, path, window));
    this.#children.set(id, { total, nodes: [...have, ...nodes] });
  }

  #collect(lines: (TreeLine | MoreLine)[], path: number[], keys: PathKey[]): void {
    const children = this.#children.get(path.join("."));
    if (!children) return;
    const level = path.length + 1;
    for (const node of children.nodes) {
      const childPath = [...path, node.ordinal];
      const childKeys = [...keys, node.key ?? node.ordinal];
      const id = childPath.join(".");
      const open = this.#open.has(id);
      lines.push({ id, path: childPath, keys: childKeys, level, node, open, siblings: children.total });
      if (open) this.#collect(lines, childPath, childKeys);
    }
    const remaining = children.total - children.nodes.length;
    if (remaining > 0) lines.push({ id: `${path.join(".")}+`, path, level, remaining });
  }
}
