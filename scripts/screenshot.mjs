/** Takes docs/screenshot-light.png and -dark.png of the page, with a session of the sandbox. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "./build.mjs";
import { chromeArgs, findChrome } from "./lib/chrome.mjs";
import { root } from "./lib/paths.mjs";
import { program } from "./lib/run.mjs";
import { startSandbox } from "./lib/sandbox.mjs";
import { setup } from "./setup.mjs";

const SESSION = "sess_shop_4711";
/** A name that several scopes have. */
const CONFLICT = "greeting";
const SIZE = { width: 1200, height: 720 };

program(import.meta, async ([session = SESSION]) => {
  await setup({ tests: true });
  await build({ server: true });
  mkdirSync(join(root, "docs"), { recursive: true });
  const sandbox = await startSandbox();
  const browser = await chromium.launch({ executablePath: findChrome(), args: chromeArgs });
  try {
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme: scheme, deviceScaleFactor: 1.5 });
      await page.goto(`${sandbox.address}/`);
      await load(page, session);
      const path = join(root, "docs", `screenshot-${scheme}.png`);
      await page.screenshot({ path });
      console.log(path);
      await page.close();
    }
  } finally {
    await browser.close();
    await sandbox.stop();
  }
});

/** Enters the session as a person would, and asks why a value won. */
async function load(page, session) {
  const element = page.locator("cognigy-session-debugger");
  const input = element
    .getByRole("textbox", { name: /session/i })
    .or(element.getByRole("combobox", { name: /session/i }));
  await input.first().fill(session);
  await input.first().press("Enter");
  await element.getByRole("row").nth(5).waitFor();
  await element.getByRole("row", { name: CONFLICT }).first().click();
  await element.getByRole("tab", { name: "Why" }).click();
  await element.getByText("wins over").first().waitFor();
}
