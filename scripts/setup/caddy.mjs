// Caddy for the test of a team behind a proxy: the system's, or Debian's package where it may be installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installDebian } from "./debian.mjs";
import { SetupError } from "./report.mjs";

const onPath = () =>
  (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, "caddy"))
    .find((path) => existsSync(path));

/** Finds or gets it; returns its path. */
export async function caddy(say) {
  if (!onPath()) await installDebian("caddy", say);
  const found = onPath();
  if (found) return found;
  throw new SetupError(
    "The browser tests need Caddy; install it (Debian: apt-get install caddy) and run npm test again.",
  );
}
