// `npm run --silent workbench -- imports`: what importing, indexing and searching a million rows costs, as JSON lines and as Parquet. Each
// file is made once in the benchmarks' scratch folder and imported by a process of its own. Writes tools/bench/results/imports.json;
// `npm run figures` puts it into docs/import-data.md. Let nothing else run.
import { spawnSync } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { cacheFolder } from "../../common/env";
import { createRandom } from "../../common/random";
import type { ImportCost, ImportsResult } from "./imports-figures";

const count = Number(process.argv[2] ?? 1_000_000);
const inGroup = 1000;

/** Words of no language, some far more frequent than others: text that packs about as well as answers do. */
const random = createRandom(21, "imports");
const letters = "etaoinshrdlu";
const word = () =>
  Array.from({ length: 3 + Math.floor(random() * 7) }, () => letters[Math.floor(random() * 12)]).join("");
const words = Array.from({ length: 20_000 }, word);
const text = (length: number) =>
  Array.from({ length }, () => words[Math.floor(random() ** 3 * words.length)]).join(" ");
/** About 2 KB. */
const row = () => ({ prompt: text(50), chosen: text(120), rejected: text(120) });

const scratch = join(cacheFolder(), "bench", "scratch");
mkdirSync(scratch, { recursive: true });
const paths = { "JSON lines": join(scratch, `rows-${count}.jsonl`), Parquet: join(scratch, `rows-${count}.parquet`) };
if (!existsSync(paths["JSON lines"])) await makeLines(paths["JSON lines"]);
if (!existsSync(paths.Parquet)) makeParquet(paths.Parquet);

const files: ImportsResult["files"] = {};
for (const [kind, path] of Object.entries(paths)) {
  const data = mkdtempSync(join(tmpdir(), "workbench-imports-"));
  const sought = words.filter((_, i) => i % 200 === 100).join(" ");
  const said = spawnSync(process.execPath, ["--import", "tsx", "tools/bench/import-once.ts", path, sought], {
    env: { ...process.env, WORKBENCH_DATA: data },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  rmSync(data, { recursive: true });
  if (said.status !== 0) throw new Error(`importing ${path} failed with status ${said.status}`);
  const cost = JSON.parse(said.stdout) as ImportCost;
  if (cost.rows !== count) throw new Error(`${cost.rows} of ${count} rows of ${path} came in`);
  files[kind] = { ...cost, bytes: statSync(path).size };
  process.stderr.write(`${kind}: ${JSON.stringify(files[kind])}\n`);
}
const result: ImportsResult = { machine: cpus()[0]!.model.trim(), cores: cpus().length, files };
writeFileSync("tools/bench/results/imports.json", `${JSON.stringify(result, null, 1)}\n`);

async function makeLines(file: string): Promise<void> {
  function* lines() {
    for (let i = 0; i < count; i++) yield `${JSON.stringify(row())}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(`${file}.new`));
  renameSync(`${file}.new`, file);
}

function makeParquet(file: string): void {
  const columns = (rows: ReturnType<typeof row>[]) =>
    (["prompt", "chosen", "rejected"] as const).map((name) => ({
      name,
      data: rows.map((one) => one[name]),
      type: "STRING" as const,
    }));
  const writer = fileWriter(`${file}.new`);
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columns([row()]) }) });
  for (let done = 0; done < count; done += inGroup)
    void parquet.write({
      columnData: columns(Array.from({ length: Math.min(inGroup, count - done) }, row)),
      rowGroupSize: inGroup,
    });
  void parquet.finish();
  renameSync(`${file}.new`, file);
}
