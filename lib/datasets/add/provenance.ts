// Where a dataset came from. Of labelled rows by their hash, so that every copy of them has it; of one that is annotated by its number, an
// entry for each import.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
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

const fileOf = (name: string) => join(dataFolder(), "provenance", `${name}.json`);

export const keepProvenance = (sha256: string, given: Provenance): void => keep(sha256, given);

export const keepQueueProvenance = (queueId: number, given: Provenance): void =>
  keep(`queue-${queueId}`, [...queueProvenance(queueId), given]);

function keep(name: string, value: Provenance | Provenance[]): void {
  mkdirSync(dirname(fileOf(name)), { recursive: true });
  const draft = `${fileOf(name)}.new`;
  writeFileSync(draft, JSON.stringify(value, null, 1));
  renameSync(draft, fileOf(name));
}

/** Null of a dataset that was made before this was kept, or here. */
export const provenanceOf = (sha256: string): Provenance | null => provenance.nullable().parse(kept(sha256));

/** Of every import that brought it records, the first one first; none of those before this was kept. */
export const queueProvenance = (queueId: number): Provenance[] =>
  z.array(provenance).parse(kept(`queue-${queueId}`) ?? []);

const kept = (name: string): unknown =>
  existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : null;

/** A file as it was read. */
export async function hashed(path: string, name = path): Promise<Provenance["files"][number]> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  return { path: name, sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}
