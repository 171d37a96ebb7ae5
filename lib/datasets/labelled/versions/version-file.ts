// The rows of a version as a file that its hash names: written once a run, an export or a check needs it.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { and, eq } from "drizzle-orm";
import { snapshotFile } from "../../../../common/env";
import { turns } from "../../../../common/turns";
import { retryOnBusyAsync } from "../../../db/busy";
import { appDb } from "../../../db/client";
import { type LabelledSet, labelledVersions } from "../../../db/tables/training-sets";
import { versionRows } from "./version-rows";
import { requireVersion } from "./versions";

/** Writes the file where there is none, and returns its path. */
export async function versionFile(set: LabelledSet, number: number): Promise<string> {
  const { sha256 } = requireVersion(set, number);
  if (number === 1) return snapshotFile(set.sha256);
  if (sha256 !== null && existsSync(snapshotFile(sha256))) return snapshotFile(sha256);
  const draft = snapshotFile(`draft-${randomUUID()}`);
  mkdirSync(dirname(draft), { recursive: true });
  try {
    const hash = createHash("sha256");
    await pipeline(
      pieces(set, number, (bytes) => hash.update(bytes)),
      createWriteStream(draft, { flush: true }),
    );
    const made = hash.digest("hex");
    renameSync(draft, snapshotFile(made));
    const here = and(eq(labelledVersions.setId, set.id), eq(labelledVersions.number, number));
    await retryOnBusyAsync(() => appDb().update(labelledVersions).set({ sha256: made }).where(here).run());
    return snapshotFile(made);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Characters that are written and hashed together. */
const atOnce = 2 ** 16;

async function* pieces(set: LabelledSet, number: number, met: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
  const turn = turns();
  let held = "";
  const piece = () => {
    const bytes = Buffer.from(held);
    met(bytes);
    held = "";
    return bytes;
  };
  for await (const { line } of versionRows(set, number)) {
    held += `${line}\n`;
    if (held.length >= atOnce) yield piece();
    await turn();
  }
  if (held !== "") yield piece();
}
