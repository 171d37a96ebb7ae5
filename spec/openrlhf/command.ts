// A run as a command of OpenRLHF 0.11.2: the same method and settings by its names.

import { isSampled } from "../methods/sampling-of";
import { word } from "../shell";
import { flagsOf, type OfRows } from "./flags";
import { openRlhfNotes } from "./notes";
import type { Exportable } from "./problems";
import { remoteReward } from "./sampled";
import { type Flags, wordsOf } from "./words";

/** The version whose source the command follows. */
export const openRlhfVersion = "0.11.2";

/** Where the workbench scores completions for a run whose reward is its own. */
const ownPort = 5017;

const modules = { sft: "train_sft", reward: "train_rm", dpo: "train_dpo" } as const;

interface Written {
  /** In Hugging Face layout; null where it lies beside the command. */
  model: string | null;
  rows: OfRows;
  /** Words that start a command of the workbench. */
  workbench: string[];
  /** What is to be known beside what OpenRLHF does otherwise in general. */
  notes?: string[];
}

/** The text of train.sh. */
export function openRlhfCommand(config: Exportable, { model, rows, workbench, notes = [] }: Written): string {
  const flags = Object.entries({ ...flagsOf(config, model ?? "model", rows), ...rewardFlags(config) });
  const lines = flags.map(([name, value]) => `  ${wordsOf(name, value)}`);
  return `#!/bin/bash
# ${config.method.toUpperCase()} by OpenRLHF ${openRlhfVersion}, as a run of the alignment workbench trains it.
#
#     pip install ${isSampled(config) ? `'openrlhf[vllm]==${openRlhfVersion}'` : `openrlhf==${openRlhfVersion}`}
#
${[...openRlhfNotes(config), ...notes].map((note) => `# ${note}\n`).join("")}
set -e
cd "$(dirname "$0")"
${servesReward(config) ? servedBy(workbench) : ""}
${[starter(config), ...lines].join(" \\\n")}
`;
}

const starter = (config: Exportable): string =>
  isSampled(config)
    ? "python -m openrlhf.cli.train_ppo_ray"
    : `deepspeed --num_gpus ${config.distributed.processes} --module openrlhf.cli.${modules[config.method]}`;

const servesReward = (config: Exportable) => isSampled(config) && remoteReward(config) === null;

/** Scores come clipped, and are not to be clipped once they are compared. */
const rewardFlags = (config: Exportable): Flags =>
  isSampled(config)
    ? {
        "reward.remote_url": remoteReward(config) ?? `http://127.0.0.1:${ownPort}/get_reward`,
        "reward.clip_range": [-1_000_000, 1_000_000],
      }
    : {};

const servedBy = (workbench: string[]): string => `
${workbench.map(word).join(" ")} serve-reward run.json --port ${ownPort} &
trap 'kill $! || true' EXIT
`;
