/** Widths, themes and wishes of the reader's system. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filter, focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();
const SHOP = "/?session=sess_shop_4711";
const style = (locator, property) => locator.evaluate((node, name) => getComputedStyle(node)[name], property);

test("wide: list and details stand side by side, and the bar between them moves by keyboard", async () => {
  const { page, view, close } = await open({ path: SHOP, width: 1280 });
  await row(view, "currency").click();
  const before = await view.locator(".detail").boundingBox();
  const list = await view.locator(".list").boundingBox();
  assert.ok(before.x >= list.x + list.width - 1 && Math.abs(before.y - list.y) < 2);
  await view.getByRole("separator").focus();
  await page.keyboard.press("ArrowLeft");
  const after = await view.locator(".detail").boundingBox();
  assert.equal(Math.round(after.width - before.width), 16);
  await close();
});

test("medium: the details open below the list", async () => {
  const { view, close } = await open({ path: SHOP, width: 700 });
  await row(view, "tenant_name").waitFor();
  assert.equal(await view.locator(".detail").isVisible(), false);
  await row(view, "currency").click();
  const detail = await view.locator(".detail").boundingBox();
  const list = await view.locator(".list").boundingBox();
  assert.ok(detail.y >= list.y + list.height - 1);
  await view.getByRole("button", { name: "Close" }).click();
  await row(view, "return_terms").click();
  await view.locator(".detail h2").filter({ hasText: "return_terms" }).waitFor();
  await view.page().waitForTimeout(100);
  const [box, shown] = [await row(view, "return_terms").boundingBox(), await view.locator(".detail").boundingBox()];
  assert.ok(box.y + box.height <= shown.y + 1, "the row that opened the details stays in sight");
  await close();
});

test("narrow: one pane; the way back leads to the same row", async () => {
  const { page, view, close } = await open({ path: SHOP, width: 400 });
  await row(view, "vat_rate").first().click();
  await view.getByRole("button", { name: "Back to the list" }).waitFor();
  assert.equal(await view.getByRole("treegrid").isVisible(), false);
  assert.notEqual((await focused(page)).tag, "BODY");
  await view.getByRole("button", { name: "Back to the list" }).click();
  await row(view, "vat_rate").first().waitFor();
  await page.waitForFunction(
    () => document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.role === "row",
  );
  assert.match((await focused(page)).text, /vat_rate/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await view.getByRole("treegrid").isVisible(), true, "moving through the list does not cover it");
  await close();
});

test("narrow: nothing overflows sideways at 320 px", async () => {
  const { page, view, close } = await open({ path: SHOP, width: 320 });
  await row(view, "tenant_name").waitFor();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(sideways <= 0, `${sideways} px`);
  const bar = await view.locator(".query").evaluate((node) => node.scrollWidth - node.clientWidth);
  assert.ok(bar <= 0, `${bar} px in the toolbar`);
  await close();
});

test("themes: follows the system, and the attribute wins", async () => {
  const { view, close } = await open({ path: SHOP, colorScheme: "dark" });
  const frame = view.locator(".frame");
  assert.equal(await style(frame, "backgroundColor"), "rgb(23, 25, 29)");
  await view.evaluate((element) => element.setAttribute("theme", "light"));
  assert.equal(await style(frame, "backgroundColor"), "rgb(255, 255, 255)");
  await view.evaluate((element) => element.style.setProperty("--csd-background", "rgb(1, 2, 3)"));
  assert.equal(await style(frame, "backgroundColor"), "rgb(1, 2, 3)");
  await close();
});

test("density changes the rows' height and keeps them in line", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  const second = view.locator("[role=row][aria-rowindex='3']");
  const top = async () => (await second.boundingBox()).y - (await view.locator(".rows").boundingBox()).y;
  assert.equal(Math.round(await top()), 24);
  await view.evaluate((element) => element.setAttribute("density", "comfortable"));
  await view.page().waitForTimeout(200);
  assert.equal(Math.round(await top()), 32);
  await close();
});

test("reduced motion: nothing turns", async () => {
  const { view, close } = await open({ path: SHOP, reducedMotion: "reduce" });
  await row(view, "tenant_name").waitFor();
  await view.evaluate((element) => {
    element.source = () => new Promise(() => undefined);
    element.load().catch(() => undefined);
  });
  const turning = view.locator(".turning");
  await turning.waitFor();
  assert.equal(await style(turning, "animationName"), "none");
  await view.evaluate((element) => element.cancel());
  await close();
});

test("forced colours: the selected row and the badges keep an edge", async () => {
  const { view, close } = await open({ path: SHOP, forcedColors: "active" });
  await row(view, "tenant_name").click();
  assert.notEqual(await style(row(view, "tenant_name"), "outlineStyle"), "none");
  assert.equal(await style(view.locator(".badge").first(), "borderTopStyle"), "solid");
  await close();
});

test("narrow: the list of keys, the signs and the way to cancel can be reached", async () => {
  const { page, view, close } = await open({ path: SHOP, width: 400 });
  await row(view, "tenant_name").waitFor();
  await view.getByRole("button", { name: "Help" }).click();
  await view.getByRole("dialog").getByText("Next or previous row").waitFor();
  await page.keyboard.press("Escape");
  await view.evaluate((element) => {
    element.source = () => new Promise(() => undefined);
    element.load().catch(() => undefined);
  });
  await view.getByRole("button", { name: "Cancel" }).click({ timeout: 2_000 });
  await close();
});

test("type signs do not touch their words", async () => {
  for (const width of [1280, 400]) {
    const { view, close } = await open({ path: SHOP, width });
    await row(view, "support_hours").waitFor();
    const glyph = row(view, "support_hours").locator(".glyph:visible").first();
    const over = await glyph.evaluate((node) => node.scrollWidth - node.clientWidth);
    assert.ok(over <= 0, `${over} px at ${width}`);
    await close();
  }
});

test("a preview that is cut has no second ellipsis, and the status line names the session at 400 px", async () => {
  const { view, close } = await open({ path: "/?session=sess_travel_88", width: 400 });
  const previews = view.locator(".row .ellipsis:has(> .type-array, > .type-object)");
  await previews.first().waitFor();
  assert.equal(await style(previews.first(), "textOverflow"), "clip");
  const name = view.locator(".status .session");
  assert.ok(await name.evaluate((node) => node.scrollWidth <= node.clientWidth + 1), "the session's id is cut");
  await close();
});

test("all columns fit, whatever the details leave to the table", async () => {
  for (const width of [1400, 1000, 960, 720, 600, 320]) {
    const { view, close } = await open({ path: SHOP, width });
    await row(view, "tenant_name").waitFor();
    const over = await view.locator(".scroller").evaluate((box) => box.scrollWidth - box.clientWidth);
    assert.ok(over <= 0, `${over} px are cut off at ${width}`);
    await close();
  }
});

test("at 320 × 240 px a reader scrolls past the bars to the rows", async () => {
  const { view, close } = await open({ path: SHOP, width: 320 });
  await view.evaluate((element) => {
    element.style.blockSize = "240px";
  });
  await row(view, "tenant_name").waitFor();
  await view.locator(".layout").evaluate((box) => box.scrollTo(0, box.scrollHeight));
  const [rows, frame] = await Promise.all([view.locator(".scroller").boundingBox(), view.boundingBox()]);
  const seen = Math.min(rows.y + rows.height, frame.y + frame.height) - Math.max(rows.y, frame.y);
  assert.ok(seen >= 100, `${seen} px of rows`);
  await close();
});

test("a list of buttons is never cut off by the frame, in either direction", async () => {
  for (const [dir, width] of [
    ["ltr", 320],
    ["rtl", 320],
    ["ltr", 700],
    ["rtl", 1280],
  ]) {
    const { view, close } = await open({ path: SHOP, width });
    await view.evaluate((element, dir) => {
      element.dir = dir;
    }, dir);
    await row(view, "tenant_name").waitFor();
    for (const name of ["compare", "file"]) {
      await view.locator(`.${name}-menu`).click();
      await view.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
      const list = await view.locator(`.${name}-menu ~ .menu-items`).boundingBox();
      const frame = await view.locator(".frame").boundingBox();
      assert.ok(list.x >= frame.x && list.x + list.width <= frame.x + frame.width, `${name} ${dir} ${width}`);
    }
    await close();
  }
});

test("the bars above the rows take six lines at 360 px, and everything in them can be reached", async () => {
  const { view, close } = await open({ path: SHOP, width: 360, height: 740 });
  await row(view, "tenant_name").waitFor();
  await view.evaluate((element) => element.refresh());
  await view.locator("select[name=moment]").waitFor();
  await filter(view, "language");
  const [rows, frame] = await Promise.all([view.locator(".scroller").boundingBox(), view.boundingBox()]);
  assert.ok(rows.y - frame.y <= 6 * 28, `${rows.y - frame.y} px of bars`);
  await view.getByRole("textbox", { name: "Session" }).waitFor();
  for (const name of ["Scope", "Snapshot", "Compared with"]) await view.getByRole("combobox", { name }).waitFor();
  const shadowed = view.getByRole("checkbox", { name: "Overridden" });
  assert.equal(await shadowed.isVisible(), false);
  await view.getByRole("button", { name: "View" }).click();
  await shadowed.check();
  await view.locator(".row.hidden").first().waitFor();
  await close();
});

test("at 1280 px the bar above the table is one line", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  await view.evaluate((element) => element.refresh());
  await filter(view, "language");
  await view.getByLabel("Changed first").waitFor();
  const { height } = await view.locator(".bar.view").boundingBox();
  assert.ok(height <= 40, `${height} px`);
  await close();
});

/** The contrast of each text of some cells against what is behind it, the least. */
const leastContrast = (cells) =>
  cells.evaluateAll((all) => {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (colour) => {
      const [r, g, b] = channels(colour)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
        const { backgroundColor } = getComputedStyle(at);
        if ((channels(backgroundColor)[3] ?? 1) === 1) return backgroundColor;
      }
      return "rgb(255, 255, 255)";
    };
    const contrasts = [];
    for (const cell of all) {
      for (const node of [cell, ...cell.querySelectorAll("*")]) {
        const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim() !== "");
        if (!own || node.closest(".spoken")) continue;
        let opacity = 1;
        for (let at = node; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
        const [one, other] = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
        contrasts.push(opacity < 1 ? 1 : (one + 0.05) / (other + 0.05));
      }
    }
    return Math.min(...contrasts);
  });

test("overridden rows and marked hits are as readable as others, in both themes, selected or not", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { view, close } = await open({ path: SHOP, colorScheme });
    await row(view, "tenant_name").waitFor();
    await view.getByRole("checkbox", { name: "Overridden" }).check();
    await filter(view, "language");
    await view.locator(".row.hidden").first().click();
    await view.locator(".row[aria-selected=true]").waitFor();
    for (const cells of [".row.hidden .name", ".row.hidden .value", ".row mark"]) {
      const least = await leastContrast(view.locator(cells));
      assert.ok(least >= 4.5, `${least.toFixed(2)} : 1 of ${cells}, ${colorScheme}`);
    }
    await close();
  }
});

test("columns that can be sorted by show it, and the values' does not", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  const signs = await view.getByRole("columnheader").evaluateAll((cells) =>
    cells.map((cell) => {
      const arrow = cell.querySelector(".arrow");
      return arrow && getComputedStyle(arrow, "::before").content;
    }),
  );
  assert.deepEqual(signs, ['"↕"', null, '"↕"', '"↕"', '"↕"']);
  await close();
});
