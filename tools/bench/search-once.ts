// Indexes and searches a file's rows as a labelled dataset, and says what that cost. Started by imports.ts, in a data folder that it keeps, so
// that the rows are imported once.
import { createRandom } from "../../common/random";
import { addLabelled, pathFiles } from "../../lib/datasets/add/add-dataset";
import { labelledSet, listLabelled } from "../../lib/datasets/labelled/labelled-sets";
import { listRows } from "../../lib/datasets/labelled/list-rows";
import { indexRows } from "../../lib/datasets/labelled/row-index";
import { migrateDatabases } from "../../lib/setup/migrate";
import { measured } from "./measured";

const [file, words] = [process.argv[2]!, process.argv[3]!.split(" ")];
const searches = 200;

migrateDatabases();
if (listLabelled().length === 0) await addLabelled(pathFiles([file]), { name: "rows", mapping: null, by: "bench" }, 0);
const set = labelledSet(listLabelled()[0]!.id);
const indexed = await measured(() => indexRows(set.sha256, set.rows));
const random = createRandom(22, "searches");
const word = () => words[Math.floor(random() * words.length)]!;
const queries = Array.from({ length: searches }, (_, i) => [word(), `${word()} ${word()}`, word().slice(0, 4)][i % 3]!);
await listRows(set, { q: word(), only: "", after: 0 });
const times: number[] = [];
for (const query of queries) {
  const begun = performance.now();
  await listRows(set, { q: query, only: "", after: 0 });
  times.push(performance.now() - begun);
}
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.ceil(share * searches) - 1]!;
const search = { count: searches, median: at(0.5), p95: at(0.95), longest: at(1) };
process.stdout.write(JSON.stringify({ indexed, search }));
