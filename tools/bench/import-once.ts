// Imports one file as a labelled dataset of a data folder of its own, indexes and searches it, and says what that cost. Started by imports.ts.
import { readdirSync } from "node:fs";
import { dataFolder } from "../../common/env";
import { createRandom } from "../../common/random";
import { addLabelled, pathFiles } from "../../lib/datasets/add/add-dataset";
import { labelledSet, listLabelled } from "../../lib/datasets/labelled/labelled-sets";
import { listRows } from "../../lib/datasets/labelled/list-rows";
import { indexRows } from "../../lib/datasets/labelled/row-index";
import { migrateDatabases } from "../../lib/setup/migrate";
import type { ImportCost } from "./imports-figures";
import { measured } from "./measured";

const [file, words] = [process.argv[2]!, process.argv[3]!.split(" ")];
const searches = 200;

const files = () =>
  readdirSync(dataFolder(), { recursive: true, encoding: "utf8" }).filter((name) => /\.|draft/.test(name));
const add = (name: string, watch = {}) =>
  addLabelled(pathFiles([file]), { name, mapping: null, by: "bench" }, 0, watch);

migrateDatabases();
const before = files();
const cancelling = new AbortController();
const says = () => cancelling.abort(new Error("cancelled")); // as soon as it says how far it is
const cancelled = await add("cancelled", { cancelled: cancelling.signal, says }).catch((error: Error) => error);
if (cancelled !== cancelling.signal.reason)
  throw new Error("the import was over before it could be cancelled; take 10,000 rows or more", { cause: cancelled });
const left = files().filter((name) => !before.includes(name) && !/-(wal|shm)$/.test(name));

const imported = await measured(() => add("rows"));
const set = labelledSet(listLabelled()[0]!.id);
/** What is kept is the same of both files, so that one of them is indexed. */
const found = file.endsWith(".jsonl") ? await searched() : {};
const cost: ImportCost = { rows: set.rows, imported, ...found, left };
process.stdout.write(JSON.stringify(cost));

async function searched(): Promise<Pick<ImportCost, "indexed" | "search">> {
  const indexed = await measured(() => indexRows(set.sha256, set.rows));
  const random = createRandom(22, "searches");
  const word = () => words[Math.floor(random() * words.length)]!;
  const queries = Array.from(
    { length: searches },
    (_, i) => [word(), `${word()} ${word()}`, word().slice(0, 4)][i % 3]!,
  );
  await listRows(set, { q: word(), only: "", after: 0 });
  const times: number[] = [];
  for (const query of queries) {
    const begun = performance.now();
    await listRows(set, { q: query, only: "", after: 0 });
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * searches) - 1]!;
  return { indexed, search: { count: searches, median: at(0.5), p95: at(0.95), longest: at(1) } };
}
