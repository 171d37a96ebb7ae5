// Where a dataset came from: beside its rows, by their hash, so that every copy of them has it.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { dataFolder } from "../../../common/env";
import { rowMapping } from "../../../spec/row-mapping";

export const provenance = z.object({
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.number() })),
  hub: z
    .object({
      endpoint: z.string(),
      id: z.string(),
      revision: z.string(),
      config: z.string().nullable(),
      split: z.string(),
    })
    .nullable(),
  mapping: rowMapping.nullable(),
  by: z.string(),
  at: z.number(),
});
export type Provenance = z.infer<typeof provenance>;

const folder = () => join(dataFolder(), "provenance");
const fileOf = (sha256: string) => join(folder(), `${sha256}.json`);

export function keepProvenance(sha256: string, given: Provenance): void {
  mkdirSync(folder(), { recursive: true });
  const draft = `${fileOf(sha256)}.new`;
  writeFileSync(draft, JSON.stringify(given, null, 1));
  renameSync(draft, fileOf(sha256));
}

/** Null of a dataset that was made before this was kept, or here. */
export const provenanceOf = (sha256: string): Provenance | null =>
  existsSync(fileOf(sha256)) ? provenance.parse(JSON.parse(readFileSync(fileOf(sha256), "utf8"))) : null;

/** A file as it was read. */
export async function hashed(path: string, name = path): Promise<Provenance["files"][number]> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return { path: name, sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}
