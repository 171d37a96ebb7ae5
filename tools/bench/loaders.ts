// `npm run loaders`: judges a queue, exports it, and has the programs of others load the files: TRL, LLaMA-Factory and OpenRLHF, by pip.
// Writes tools/bench/results/loaders.json; `npm run figures` puts it into docs/export.md.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "../../lib/annotation/judging/judge";
import { takeTasks } from "../../lib/annotation/judging/next-tasks";
import { exporters, fileNameOf } from "../../lib/datasets/snapshots/snapshot";
import { appDb } from "../../lib/db/client";
import { annotators } from "../../lib/db/tables/annotators";
import { migrateDatabases } from "../../lib/setup/migrate";
import { loadSamples } from "../../lib/setup/sample-queue";
import { openRlhfFolder, prepareOpenRlhf } from "./openrlhf";
import { folder, pip, prepareModel, preparePeers, python } from "./prepare";
import type { LoadersResult } from "./results";

const data = mkdtempSync(join(tmpdir(), "workbench-loaders-"));
process.env.WORKBENCH_DATA = data;

const llamaFactory = join(folder, "llamafactory-0.9.5");

preparePeers();
installLlamaFactory();
prepareOpenRlhf();
migrateDatabases();
await loadSamples(0);
judgeAll(1);

const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(data, name), content);
  return join(data, name);
};
const pairs = file("pairs.jsonl", exporters.pairs(1));
const kto = file("kto.jsonl", exporters.kto(1));
const parquet = file("pairs.parquet", exporters.parquet(1));
file(`${fileNameOf(1)}-llama-factory.jsonl`, exporters["llama-factory"](1));
file("dataset_info.json", exporters["llama-factory-info"](1));
const { model } = await prepareModel("tiny");
for (const name of ["tokenizer.json", "tokenizer_config.json"])
  if (!existsSync(join(model, name))) copyFileSync(join("data", "tiny", name), join(model, name));

const results: LoadersResult["loads"] = {};
const versions: Record<string, string> = {};
const load = (name: string, interpreter: string, job: object, path = "") => {
  const given = file("job.json", JSON.stringify({ model, pairs, kto, parquet, folder: data, ...job }));
  const env = {
    ...process.env,
    PYTHONPATH: path,
    HF_HUB_OFFLINE: "1",
    DISABLE_VERSION_CHECK: "1",
    DS_ACCELERATOR: "cpu",
  };
  const said = spawnSync(interpreter, [join("tools", "bench", "peers", "loaders.py"), given], {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (said.status !== 0) throw new Error(`${name} failed with status ${said.status}`);
  const { version, loads } = JSON.parse(said.stdout.trim().split("\n").at(-1)!) as {
    version: Record<string, string>;
    loads: LoadersResult["loads"];
  };
  Object.assign(versions, version);
  Object.assign(results, loads);
};
load("TRL", python, { program: "trl" });
load("LLaMA-Factory", join(llamaFactory, "bin", "python"), { program: "llama-factory" });
load("OpenRLHF", python, { program: "openrlhf" }, openRlhfFolder);
mkdirSync("tools/bench/results", { recursive: true });
writeFileSync("tools/bench/results/loaders.json", `${JSON.stringify({ versions, loads: results }, null, 1)}\n`);
for (const [name, { rows, expected, equal, warnings }] of Object.entries(results))
  process.stderr.write(`${name}: ${rows} of ${expected} rows, ${equal} the same, ${warnings.length} warnings\n`);

/** Every pair of the samples: most preferred one way or the other, some tied, some both bad, some skipped. */
function judgeAll(queue: number): void {
  const { id: annotator } = appDb().insert(annotators).values({ name: "Loader", createdAt: 0 }).returning().get();
  const tasks = takeTasks(annotator, queue, 1000, 0);
  for (const [i, { id }] of tasks.entries()) {
    const kind =
      i % 10 === 7 ? "tie" : i % 10 === 8 ? "both_bad" : i % 10 === 9 ? "skip" : i % 3 === 0 ? "right" : "left";
    const choice =
      kind === "left" || kind === "right" ? ({ kind, strength: (i % 4) + 1 } as const) : ({ kind } as const);
    judge(annotator, { key: randomUUID(), itemId: id, choice, activeMs: 1 }, 0);
  }
}

/** In an environment of its own, since it wants older versions of what TRL wants. */
function installLlamaFactory(): void {
  const done = join(llamaFactory, "installed.txt");
  if (existsSync(done)) return;
  process.stderr.write("installing llamafactory==0.9.5 (about 6 GB)\n");
  spawnSync("python3", ["-m", "venv", llamaFactory], { stdio: "inherit" });
  pip(join(llamaFactory, "bin", "python"), [
    "llamafactory==0.9.5",
    "torch==2.11.0",
    "torchaudio==2.11.0",
    "torchvision==0.26.0",
  ]);
  writeFileSync(done, "llamafactory==0.9.5\n");
}
