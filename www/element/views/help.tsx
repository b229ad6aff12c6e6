/**
 * The list of keys, and what the signs mean.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageKey } from "../text/messages.js";
import { useView } from "./context.js";
import { GLYPHS, HidesMark, ScopeBadge, TypeMark } from "./marks.js";
import { Dots } from "./masked.js";

const TYPES = Object.keys(GLYPHS) as (keyof typeof GLYPHS)[];
const SIZES = ["small", "medium", "large"] as const;
/** Lowest first: the order of the tutorial, which is the default. */
const DEFAULT_ORDER: readonly string[] = ["global", "bot", "session", "user"];

const KEYS: readonly (readonly [string, MessageKey])[] = [
  ["↑ ↓", "help.move"],
  ["Home End", "help.ends"],
  ["PgUp PgDn", "help.page"],
  ["→ ←", "help.cells"],
  ["*", "help.siblings"],
  ["w", "help.pin"],
  ["n N", "help.change"],
  ["[ ]", "help.moment"],
  ["Enter", "help.open"],
  ["/", "help.filter"],
  ["Enter Shift+Enter", "help.hits"],
  ["Esc", "help.clear"],
  ["r", "help.refresh"],
  ["s", "help.shadowed"],
  ["m", "help.reveal"],
  ["Ctrl C", "help.copy"],
  ["Ctrl Shift C", "help.copy-path"],
  ["F6", "help.region"],
  ["?", "help.help"],
];

/** What may be written into the filter, each by an example. */
const SEARCHES: readonly (readonly [string, MessageKey])[] = [
  ["order", "help.search-text"],
  ['"order status"', "help.search-quotes"],
  ["-draft", "help.search-minus"],
  ["name:cart value:open path:items", "help.search-fields"],
  ["scope:user|session", "help.search-or"],
  ["name=lang type!=null", "help.search-is"],
  ["name~cart*id", "help.search-like"],
  ["size>1kb value>=10", "help.search-compare"],
  ["changed:yes", "help.search-flags"],
];

function Searches(): JSX.Element {
  const { t } = useView();
  return (
    <>
      <h3>{t.text("help.search")}</h3>
      <dl class="keys">
        {SEARCHES.map(([example, text]) => (
          <div key={text}>
            <dt class="mono">{example}</dt>
            <dd>{t.text(text)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The signs of the table, each as it stands there. */
function Signs(): JSX.Element {
  const { model, t } = useView();
  const precedence = model.connection?.options.precedence ?? DEFAULT_ORDER;
  const order = typeof precedence === "string" ? DEFAULT_ORDER : precedence;
  const rank =
    precedence === "side-by-side" ? t.text("help.side-by-side") : t.text("help.rank", { order: order.join(" < ") });
  const top = order.at(-1) ?? "";
  const signs: readonly (readonly [JSX.Element, string])[] = [
    [<ScopeBadge scope={top} rank={order.length - 1} />, rank],
    [<HidesMark count={2} />, t.text("help.hides")],
    [<span class="flag">{t.text("flag.hidden")}</span>, t.text("flag.hidden-title")],
    [<span class="flag">{t.text("flag.system")}</span>, t.text("help.system")],
    [<span class="mono">+ ~ −</span>, t.text("status.changes-title")],
    [<span class="mono">"50" → 50</span>, t.text("help.read")],
    [<span class="note">leading zero</span>, t.text("help.note")],
    [<Dots rule="token" />, t.text("help.masked")],
    [<span class="class">{SIZES.map((size) => t.text(`mask.${size}`)).join(", ")}</span>, t.text("help.size")],
  ];
  return (
    <>
      <h3>{t.text("help.signs")}</h3>
      <dl class="keys">
        {signs.map(([sign, text]) => (
          <div key={text}>
            <dt>{sign}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>{t.text("column.type")}</dt>
          <dd class="kinds">
            {TYPES.map((type) => (
              <TypeMark key={type} type={type} />
            ))}
          </dd>
        </div>
      </dl>
    </>
  );
}

/** A dialog while `open`; the browser keeps the focus inside and gives it back. */
export function Help({ open, close }: { open: boolean; close: () => void }): JSX.Element {
  const { t } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} part="dialog" aria-labelledby="help-title" onClose={close}>
      <header class="detail-head">
        <h2 id="help-title">{t.text("help.title")}</h2>
        <button type="button" class="quiet" aria-label={t.text("help.close")} onClick={close}>
          ✕
        </button>
      </header>
      <h3>{t.text("help.keys")}</h3>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t.text(text)}</dd>
          </div>
        ))}
      </dl>
      <Searches />
      <Signs />
    </dialog>
  );
}
