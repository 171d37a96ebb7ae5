// A Chromium for the browser tests. The headless shell is the same browser without its windows: the tests need a third less processor time with it.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { installDebian } from "./debian.mjs";
import { root } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { onPath, succeeds } from "./shell.mjs";

const shell = "chromium-headless-shell";
const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Playwright's own browser, where it was downloaded. */
function playwrights() {
  const path = createRequire(join(root, "package.json"))("@playwright/test").chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** Whether Debian's lists, as they are, have a package of that name: Ubuntu's and others do not. */
const isOffered = (name) => succeeds("apt-cache", ["show", name]);

async function debians(name, say) {
  await installDebian(name, say);
  return onPath(name);
}

async function download(say) {
  say("downloading Playwright's Chromium");
  const words = [join(root, "node_modules", "playwright", "cli.js"), "install", "chromium"];
  return (await succeeds(process.execPath, words)) ? playwrights() : undefined;
}

/** Finds or gets a browser; returns its path. */
export async function chromium(say) {
  const found =
    process.env.CHROMIUM_PATH ||
    (onPath(shell) ??
      ((await isOffered(shell)) ? await debians(shell, say) : undefined) ??
      onPath(...browsers) ??
      playwrights() ??
      (await debians(shell, say)) ??
      (await download(say)) ??
      (await debians("chromium", say)));
  if (found) return found;
  throw new SetupError(
    "The browser tests need Chromium; install it (Debian: apt-get install chromium-headless-shell, elsewhere: npx playwright install chromium) and run npm test again.",
  );
}
