/** Finds Chrome or Chromium and its driver. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { exe } from "./paths.mjs";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const programFiles = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ...programFiles.flatMap((folder) => (folder ? [join(folder, "Google/Chrome/Application/chrome.exe")] : [])),
];

const onPath = (name) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name + exe))
    .find((path) => existsSync(path));

/** `CHROME_PATH` first, then the usual names on the PATH, then where installers put it. */
export function findChrome() {
  if (process.env.CHROME_PATH) return existsSync(process.env.CHROME_PATH) ? process.env.CHROME_PATH : undefined;
  return BROWSERS.map(onPath).find(Boolean) ?? PLACES.find((path) => existsSync(path));
}

/** `CHROMEDRIVER` first, then the PATH, then the folder that hosted CI machines name. */
export function findChromedriver() {
  if (process.env.CHROMEDRIVER) return existsSync(process.env.CHROMEDRIVER) ? process.env.CHROMEDRIVER : undefined;
  const hosted = process.env.CHROMEWEBDRIVER && join(process.env.CHROMEWEBDRIVER, `chromedriver${exe}`);
  return onPath("chromedriver") ?? (hosted && existsSync(hosted) ? hosted : undefined);
}

/** Arguments for a browser in a container, where the sandbox and shared memory are not to be had. */
export const chromeArgs = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-background-networking",
];
