// Where the set-up reads and writes. What is downloaded or built lives outside node_modules and outlasts a clone.
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "./report.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "alignment-workbench");
export const local = process.env.WORKBENCH_DATA || join(root, "data", "local");

export const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null);

export function sha256(path) {
  return new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    createReadStream(path)
      .on("data", (chunk) => hash.update(chunk))
      .on("error", reject)
      .on("end", () => resolve(hash.digest("hex")));
  });
}

/** A file that is either the old one or the new one, never half of it. */
export function writeAtomic(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp-${process.pid}`, text);
  renameSync(`${path}.tmp-${process.pid}`, path);
}

/** Fills `folder` through a scratch folder and one rename: an interrupted fill leaves nothing that looks finished. */
export async function fillOnce(folder, fill) {
  if (existsSync(folder)) return;
  const scratch = `${folder}.tmp-${process.pid}`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  await fill(scratch);
  try {
    renameSync(scratch, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(scratch, { recursive: true }); // another process was first
  }
}

export function requireFreeDisk(folder, gigabytes) {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free < gigabytes)
    throw new SetupError(
      `${folder} has ${free.toFixed(1)} GB free and set-up needs ${gigabytes} GB; free some space and start again.`,
    );
}
