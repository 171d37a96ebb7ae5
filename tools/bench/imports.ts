// `npm run --silent workbench -- imports`: what importing, indexing and searching a million rows costs, as JSON lines and as Parquet,
// and masking a hundred thousand. Each file is made once in the benchmarks' scratch folder and imported by a process of its own. Writes tools/bench/results/imports.json;
// `npm run figures` puts it into docs/import-data.md. Let nothing else run.
import { spawnSync } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
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

const part = process.argv[2]; // of the measurements; all where none is named
const count = 1_000_000;
const masked = 100_000;
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
const parts = { "JSON lines": "lines", Parquet: "parquet" } as const;
if (!existsSync(paths["JSON lines"])) await makeLines(paths["JSON lines"]);
if (!existsSync(paths.Parquet)) makeParquet(paths.Parquet);

const results = "tools/bench/results/imports.json";
const before = JSON.parse(readFileSync(results, "utf8")) as ImportsResult;
const result: ImportsResult = { ...before, machine: cpus()[0]!.model.trim(), cores: cpus().length };
for (const [kind, path] of Object.entries(paths)) {
  if (part !== undefined && part !== parts[kind as keyof typeof paths]) continue;
  const cost = once<ImportCost>("tools/bench/import-once.ts", path);
  if (cost.rows !== count) throw new Error(`${cost.rows} of ${count} rows of ${path} came in`);
  result.files[kind] = { ...result.files[kind], ...cost, bytes: statSync(path).size };
  process.stderr.write(`${kind}: ${JSON.stringify(result.files[kind])}\n`);
}
if (part === undefined || part === "search") {
  // what is kept is the same of both files, so that one of them is indexed
  const sought = words.filter((_, i) => i % 200 === 100).join(" ");
  const found = inFolder<Pick<ImportCost, "indexed" | "search">>(
    join(scratch, "imported"),
    ...["tools/bench/search-once.ts", paths["JSON lines"], sought],
  );
  Object.assign(result.files["JSON lines"]!, found);
  process.stderr.write(`search: ${JSON.stringify(found)}\n`);
}
if (part === undefined || part === "masking") {
  result.masked = once<NonNullable<ImportsResult["masked"]>>("tools/bench/mask-once.ts", String(masked));
  process.stderr.write(`masking: ${JSON.stringify(result.masked)}\n`);
}
writeFileSync(results, `${JSON.stringify(result, null, 1)}\n`);

/** What a process of its own reports, that works in a data folder of its own. */
function once<Report>(...args: string[]): Report {
  const data = mkdtempSync(join(tmpdir(), "workbench-imports-"));
  try {
    return inFolder(data, ...args);
  } finally {
    rmSync(data, { recursive: true });
  }
}

function inFolder<Report>(data: string, ...args: string[]): Report {
  mkdirSync(data, { recursive: true });
  const said = spawnSync(process.execPath, ["--import", "tsx", ...args], {
    env: { ...process.env, WORKBENCH_DATA: data },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (said.status !== 0) throw new Error(`${args.join(" ").slice(0, 80)} failed with status ${said.status}`);
  return JSON.parse(said.stdout) as Report;
}

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
