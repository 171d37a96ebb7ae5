// What a check is made against, as a file: one of one's own, or any dataset of the workbench by its name or number.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { annotatedNow, dataFile, withVersion } from "./data-files";
import { sampleSets } from "./sample-sets";
import { exportItems } from "./snapshots/snapshot";

/** `labelled:ID`, `queue:ID`, `sample:ID` and `dataset:NAME` stand for datasets; of one that is annotated all records count, judged or not. */
export async function againstFile(source: string): Promise<string> {
  const sample = sampleSets.find(({ id }) => source === `sample:${id}`);
  if (sample) return sample.path;
  const queue = /^queue:(\d+)$/.exec(source)?.[1] ?? annotatedNow(source)[0];
  return queue === undefined ? dataFile(await withVersion(source)) : recordsOf(Number(queue));
}

/** In a file that is there until the program ends. */
function recordsOf(queueId: number): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-against-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "records.jsonl");
  writeFileSync(file, exportItems(queueId));
  return file;
}
