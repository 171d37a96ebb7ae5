// A Chromium for the browser tests: the system's, Playwright's own, or Debian's package where it may be installed.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { installDebian } from "./debian.mjs";
import { root } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { succeeds } from "./shell.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const onPath = () =>
  names
    .flatMap((name) => (process.env.PATH ?? "").split(":").map((folder) => join(folder, name)))
    .find((path) => existsSync(path));

/** Playwright's own browser, where it was downloaded. */
function playwrights() {
  const path = createRequire(join(root, "package.json"))("@playwright/test").chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** Finds or gets a browser; returns its path. */
export async function chromium(say) {
  const found = process.env.CHROMIUM_PATH || (onPath() ?? playwrights());
  if (found) return found;
  say("downloading Playwright's Chromium");
  if (await succeeds(process.execPath, [join(root, "node_modules", "playwright", "cli.js"), "install", "chromium"]))
    return playwrights();
  await installDebian("chromium", say);
  const installed = onPath();
  if (installed) return installed;
  throw new SetupError(
    "The browser tests need Chromium; install it (Debian: apt-get install chromium, elsewhere: npx playwright install chromium) and run npm test again.",
  );
}
