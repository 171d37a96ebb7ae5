// Caddy for the test of a team behind a proxy: the system's, or Debian's package where it may be installed.
import { installDebian } from "./debian.mjs";
import { SetupError } from "./report.mjs";
import { onPath } from "./shell.mjs";

/** Finds or gets it; returns its path. */
export async function caddy(say) {
  if (!onPath("caddy")) await installDebian("caddy", say);
  const found = onPath("caddy");
  if (found) return found;
  throw new SetupError(
    "The browser tests need Caddy; install it (Debian: apt-get install caddy) and run npm test again.",
  );
}
