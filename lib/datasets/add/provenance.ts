// Where a dataset came from. Of labelled rows by their hash, so that every copy of them has it; of one that is annotated by its number, an
// entry for each import.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { dataFolder } from "../../../common/env";
import { writeWhole } from "../../../common/whole-file";
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
  /** An annotator's id; where nobody had said who they are, and on the command line, the name of the account of this machine. */
  by: z.union([z.number(), z.string()]),
  at: z.number(),
});
export type Provenance = z.infer<typeof provenance>;

const folder = () => join(dataFolder(), "provenance");
const fileOf = (name: string) => join(folder(), `${name}.json`);

export const keepProvenance = (sha256: string, given: Provenance): void => keep(sha256, given);

export const keepQueueProvenance = (queueId: number, given: Provenance): void =>
  keep(`queue-${queueId}`, [...queueProvenance(queueId), given]);

function keep(name: string, value: Provenance | Provenance[]): void {
  mkdirSync(folder(), { recursive: true });
  writeWhole(fileOf(name), JSON.stringify(value, null, 1));
}

/** Null of a dataset that was made before this was kept, or here. */
export const provenanceOf = (sha256: string): Provenance | null => provenance.nullable().parse(kept(sha256));

/** Of every import that brought it records, the first one first; none of those before this was kept. */
export const queueProvenance = (queueId: number): Provenance[] =>
  z.array(provenance).parse(kept(`queue-${queueId}`) ?? []);

const kept = (name: string): unknown =>
  existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : null;

/** Older imports have the name of whoever sent them: of these names it is this annotator. */
export function nameImportersById(names: string[], annotatorId: number): void {
  if (!existsSync(folder())) return;
  const own = new Set(names.map((name) => name.toLowerCase()));
  const isOwn = ({ by }: Provenance) => typeof by === "string" && own.has(by.toLowerCase());
  for (const file of readdirSync(folder()).filter((name) => name.endsWith(".json"))) {
    const name = file.slice(0, -".json".length);
    const stored = provenances.parse(kept(name));
    const imports = [stored].flat();
    if (!imports.some(isOwn)) continue;
    const changed = imports.map((one) => (isOwn(one) ? { ...one, by: annotatorId } : one));
    keep(name, Array.isArray(stored) ? changed : changed[0]!);
  }
}
const provenances = z.union([provenance, z.array(provenance)]);

/** A file as it was read. */
export async function hashed(path: string, name = path): Promise<Provenance["files"][number]> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  return { path: name, sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}
