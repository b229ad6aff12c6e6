/** Ten thousand variables: the page holds only what can be seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filter, focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();
const nodes = (page) =>
  page.evaluate(() => document.querySelector("cognigy-session-debugger").shadowRoot.querySelectorAll("*").length);

/** The grid's count of rows, once it is known: until then the attribute says -1. */
async function rowCount(page) {
  const handle = await page.waitForFunction(() => {
    const grid = document.querySelector("cognigy-session-debugger").shadowRoot.querySelector("[role=treegrid]");
    const count = Number(grid?.getAttribute("aria-rowcount"));
    return count > 1 ? count : undefined;
  });
  return handle.jsonValue();
}

test("10,000 rows scroll to the end with few nodes", async () => {
  const { page, view, close } = await open({ path: "/?session=sess_large_10000" });
  await view
    .locator(".status")
    .getByText(/10,\d{3} variables|9,\d{3} variables|10,000/)
    .first()
    .waitFor();
  const count = await rowCount(page);
  assert.ok(count > 9_000, String(count));
  let most = 0;
  for (let step = 1; step <= 20; step += 1) {
    await view.locator(".scroller").evaluate((box, part) => {
      box.scrollTop = box.scrollHeight * part;
    }, step / 20);
    await page.waitForTimeout(30);
    most = Math.max(most, await nodes(page));
  }
  const last = view.locator(`[role=row][aria-rowindex="${count}"]:not(.pending)`);
  await last.waitFor();
  assert.ok(most < 1_500, `${most} nodes`);
  const [box, place] = [await view.locator(".scroller").boundingBox(), await last.boundingBox()];
  assert.ok(place.y + place.height <= box.y + box.height + 1, "the last row is in view");
  await close();
});

test("End and Home reach the ends, and the focused row survives being scrolled away", async () => {
  const { page, view, close } = await open({ path: "/?session=sess_large_10000" });
  await view.getByRole("row").nth(5).click();
  await page.keyboard.press("End");
  const count = await rowCount(page);
  await page.waitForFunction(
    (last) =>
      document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.getAttribute("aria-rowindex") ===
      last,
    String(count),
  );
  await view.locator(".scroller").evaluate((box) => {
    box.scrollTop = 0;
  });
  await view.locator('[role=row][aria-rowindex="2"]:not(.pending)').waitFor();
  assert.equal((await focused(page)).row, count);
  await page.keyboard.press("Home");
  assert.equal((await focused(page)).row, 2);
  await close();
});

test("the filter answers while typing, and scrolling starts at its first row", async () => {
  const { page, view, close } = await open({ path: "/?session=sess_large_10000" });
  await view.getByRole("row").nth(5).waitFor();
  await view.locator(".scroller").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.waitForTimeout(100);
  await filter(view, "99");
  await view.locator('[role=row][aria-rowindex="2"]:not(.pending)').waitFor();
  assert.match(await view.locator(".shown").innerText(), /^[\d,]+ of [\d,]+ rows$/);
  await view
    .locator(".hits")
    .getByText(/^[\d,]+ hits$/)
    .waitFor();
  assert.ok((await nodes(page)) < 1_500);
  await close();
});

test("200,000 rows given by the host can be scrolled to the end", { timeout: 120_000 }, async () => {
  const { page, view, close } = await open();
  await page.evaluate(() => {
    const element = document.querySelector("cognigy-session-debugger");
    element.options = { deadlineMs: 60_000 };
    element.source = () => {
      const items = Array.from({ length: 200_000 }, (_, at) => `{"name":"n${at}","value":"${at}","scope":"user"}`);
      return `{"variables":[${items.join(",")}]}`;
    };
    return element.load("pushed");
  });
  await view.locator(".scroller").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await row(view, "n199999").waitFor();
  assert.ok((await nodes(page)) < 1_500);
  await close();
});

test("another order is read from its top; a focused row stays in sight", async () => {
  const { page, view, close } = await open({ path: "/?session=sess_large_10000" });
  await view.getByRole("row").nth(5).waitFor();
  const scroller = view.locator(".scroller");
  const down = () =>
    scroller.evaluate((box) => {
      box.scrollTop = 100_000;
    });
  for (const column of ["Name", "Size", "Scope"]) {
    await down();
    await page.waitForTimeout(100);
    await view.getByRole("columnheader", { name: column }).click();
    await view.locator('[role=row][aria-rowindex="2"]:not(.pending)').waitFor();
    assert.equal(await scroller.evaluate((box) => box.scrollTop), 0, column);
  }
  await view.locator('[role=row][aria-rowindex="4"]').click();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowDown");
  const name = (await focused(page)).text;
  const before = (await focused(page)).row;
  await view.evaluate((element) => {
    element.viewState = { sort: "name" };
  });
  await page.waitForFunction(
    (old) =>
      Number(
        document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.getAttribute("aria-rowindex"),
      ) !== old,
    before,
  );
  assert.equal((await focused(page)).text, name);
  // It is drawn first, and scrolled to with the next frame.
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector("cognigy-session-debugger");
    const box = shadowRoot.querySelector(".scroller").getBoundingClientRect();
    const row = shadowRoot.activeElement.closest(".row").getBoundingClientRect();
    return row.top >= box.top && row.bottom <= box.bottom + 1;
  });
  await close();
});

/** Opens the page with so many variables that a search behind the mask takes a while. */
async function openMany() {
  const opened = await open();
  await opened.page.evaluate(() => {
    const element = document.querySelector("cognigy-session-debugger");
    const variables = Array.from({ length: 60_000 }, (_, number) => ({
      name: `cart_${number}`,
      value: { owner: `user${number}@mail.example`, items: [number, `part ${number % 7}`] },
      scope: "user",
    }));
    element.source = () => JSON.stringify({ variables });
    element.sessionId = "sess_many";
    return element.load();
  });
  const status = opened.view.locator(".status");
  await status.getByText("60,000 variables").waitFor();
  return { ...opened, status };
}

test("the first hits are shown while the others are counted, from the first on, and stay as they are", async () => {
  const { page, view, status, close } = await openMany();
  // The reader has scrolled and has gone to a row before.
  await view.getByRole("row").nth(9).click();
  await view.locator(".scroller").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await row(view, "cart_59999").waitFor();
  /** What is seen at each change of the page. */
  await page.evaluate(() => {
    const root = document.querySelector("cognigy-session-debugger").shadowRoot;
    globalThis.seen = [];
    const look = () => {
      const text = (selector) => root.querySelector(selector)?.textContent ?? "";
      const first = root.querySelector('.row[aria-rowindex="2"]:not(.pending)');
      globalThis.seen.push({
        shown: text(".shown"),
        hits: text(".hits"),
        first: first?.querySelector("[role=rowheader] .ellipsis, [role=rowheader] .split")?.textContent,
        top: root.querySelector(".scroller").scrollTop,
        rows: root.querySelector("[role=treegrid]").getAttribute("aria-rowcount"),
        busy: root.querySelector("[role=treegrid]").getAttribute("aria-busy"),
      });
    };
    new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await view.getByRole("searchbox").fill('"part 3"');
  await status.getByText("8,571 of 60,000 rows").waitFor();
  await view.locator(".hits").getByText("8,571 hits").waitFor();
  const seen = await page.evaluate(() => globalThis.seen);
  const counting = seen.filter(({ shown }) => shown === "first 50 rows of …");
  assert.ok(counting.length > 0, JSON.stringify(seen.map(({ shown }) => shown)));
  for (const { hits, rows, busy } of counting) assert.deepEqual([hits, rows, busy], ["… hits", "-1", "true"]);
  // From the first hits on nothing else stands there, and nothing moves.
  const after = seen.slice(seen.lastIndexOf(counting.at(-1)));
  for (const { first, top } of after) assert.deepEqual([first, top], ["cart_3", 0]);
  assert.equal(await view.locator(".row[tabindex='0']").getAttribute("aria-rowindex"), "2");
  await close();
});

test("typing on is never in the way of itself: the last filter is shown, and a long search says so", async () => {
  const { page, view, status, close } = await openMany();
  // Both at one moment: a fast machine is done before it is asked twice.
  const searched = page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector("cognigy-session-debugger");
    const text = (selector) => shadowRoot.querySelector(selector)?.textContent ?? "";
    return text(".shown").includes("…") && text(".hits");
  });
  await view.getByRole("searchbox").pressSequentially('"part 3"', { delay: 20 });
  assert.equal(await (await searched).jsonValue(), "… hits", "none is counted yet");
  await status.getByText("8,571 of 60,000 rows").waitFor();
  assert.equal(await view.getByRole("searchbox").inputValue(), '"part 3"');
  assert.equal(await view.locator("[role=treegrid]").getAttribute("aria-busy"), "false");
  await close();
});
