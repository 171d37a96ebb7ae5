// Pairs that a command made, as a labelled dataset.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetRef, shareAs } from "../access/dataset-roles";
import { loadLabelled } from "../datasets/labelled/labelled-sets";
import { retryOnBusy } from "../db/busy";

/** For whom `of` is for, where they are made of a dataset; for everybody where they are made of a file. Returns its number. */
export async function addMadePairs(name: string, pairs: object[], of: DatasetRef | null): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-pairs-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const made = join(folder, "pairs.jsonl");
  writeFileSync(made, pairs.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const { id } = await loadLabelled(name, made, Date.now());
  if (of) retryOnBusy(() => shareAs(of, { kind: "labelled", id }));
  return id;
}
