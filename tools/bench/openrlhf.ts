// OpenRLHF where there is no GPU: an exported run's train.sh is started as it is, and what it starts runs under peers/openrlhf.py.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { openRlhfVersion } from "../../spec/openrlhf/command";
import { deepspeedPackage } from "../../spec/trl/script";
import { folder, pip, python } from "./prepare";

export const openRlhfFolder = join(folder, `openrlhf-${openRlhfVersion}`);

/** Installs it by pip beside TRL's environment, once, with what it imports on a machine without a GPU: all of it would want CUDA, Ray and vLLM. */
export function prepareOpenRlhf(): void {
  if (existsSync(join(openRlhfFolder, "torchdata"))) return;
  rmSync(openRlhfFolder, { recursive: true, force: true });
  const beside = [
    ...["pylatexenc==2.11", "hjson==3.1.0", "py-cpuinfo==9.0.0", "msgpack==1.2.4", "einops==0.8.2"],
    ...["nvidia-ml-py==13.615.71", "torchdata==0.11.0"],
  ];
  const intoFolder = ["--no-deps", "--target", openRlhfFolder];
  pip(python, [...intoFolder, "--no-build-isolation", deepspeedPackage]);
  pip(python, [...intoFolder, `openrlhf==${openRlhfVersion}`, ...beside]);
}

export interface Read {
  /** As its parser has them, by the dots of their names. */
  args: Record<string, unknown>;
  /** Of the training rows, and of the evaluation's: sequences, each with its ids and 1 where a token is learned. */
  rows: [ids: number[], mask: number[]][][][];
}

export interface Trained {
  log: [name: string, value: number, step: number][];
  /** Of rows.jsonl, which row was taken when. */
  order: number[];
}

export const read = (exported: string): Read => run(exported, "read") as Read;
export const train = (exported: string): Trained => run(exported, "train") as Trained;

/** What `deepspeed --num_gpus N --module` and `python -m` start. */
function standIns(): string {
  const bin = mkdtempSync(join(tmpdir(), "workbench-openrlhf-bin-"));
  const launched = (words: number) =>
    `#!/bin/bash\nshift ${words}\nexec ${python} ${resolve("tools/bench/peers/openrlhf.py")} "$@"\n`;
  writeFileSync(join(bin, "deepspeed"), launched(3), { mode: 0o755 });
  writeFileSync(join(bin, "python"), launched(1), { mode: 0o755 });
  return bin;
}

const bin = standIns();

function run(exported: string, does: "read" | "train"): unknown {
  mkdirSync(exported, { recursive: true });
  const oneProcess = { RANK: "0", WORLD_SIZE: "1", LOCAL_RANK: "0", MASTER_ADDR: "127.0.0.1", MASTER_PORT: "29517" };
  const { status, stderr } = spawnSync(join(exported, "train.sh"), {
    env: {
      ...{ ...process.env, ...oneProcess, DS_ACCELERATOR: "cpu", HF_DATASETS_OFFLINE: "1" },
      ...{ OPENRLHF: openRlhfFolder, OUT: exported, DO: does, PATH: `${bin}${delimiter}${process.env.PATH}` },
    },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${exported}/train.sh ended with ${status}:\n${stderr.slice(-4000)}`);
  return JSON.parse(readFileSync(join(exported, does === "read" ? "read.json" : "trained.json"), "utf8"));
}
