// Debian's packages, where they may be installed.
import { run, succeeds } from "./shell.mjs";

/** Tries to install one; whether it is there then is for the caller to see. */
export async function installDebian(name, say) {
  if (process.getuid?.() !== 0 || !(await succeeds("apt-get", ["--version"]))) return;
  say(`installing Debian's ${name} package`);
  await run("apt-get", ["update", "-q"]).catch(() => undefined); // a stale list may still have the package
  await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).catch(() => undefined);
}
