// Which runs OpenRLHF 0.11.2 can train, and what it lacks of the others, by field.
import { isOfExperts } from "../adapters/common";
import { FieldError } from "../field-error";
import type { RunConfig } from "../methods/all";
import { isSampled } from "../methods/sampling-of";
import { sampledProblems } from "./sampled";

const openRlhfMethods = ["sft", "reward", "dpo", "ppo", "grpo", "rloo", "reinforce-plus-plus"] as const;

/** Runs of methods that there is a command of. */
export type Exportable = Extract<RunConfig, { method: (typeof openRlhfMethods)[number] }>;

type Problems = [isSo: boolean, path: string, why: string][];

/** The same run, if there is a command of it. Throws a FieldError that says what OpenRLHF cannot do. */
export function exportable(config: RunConfig): Exportable {
  if (!openRlhfMethods.some((name) => name === config.method))
    throw new FieldError(
      "method",
      `OpenRLHF 0.11.2 has no ${config.method}; there is a command of ${openRlhfMethods.join(", ")}`,
    );
  for (const [path, why] of openRlhfProblems(config as Exportable)) throw new FieldError(path, why);
  return config as Exportable;
}

/** What the command of a run would train otherwise: each with its field. */
export function openRlhfProblems(config: Exportable): [string, string][] {
  const all = [
    ...modelProblems(config),
    ...adapterProblems(config),
    ...optimizerProblems(config),
    ...methodProblems(config),
    ...distributedProblems(config),
  ];
  return all.flatMap(([isSo, path, why]) => (isSo ? [[path, why]] : []));
}

function modelProblems({ model, adapter, method }: Exportable): Problems {
  return [
    [model.dtype !== "bfloat16", "model.dtype", "OpenRLHF computes in bfloat16; set it to that"],
    [
      model.quantisation !== null && (model.quantisation !== "nf4-double" || model.unquantised.length > 0),
      "model.quantisation",
      "OpenRLHF's 4 bits are nf4-double, for all layers; set it to that, or leave it empty",
    ],
    [
      adapter !== null && method !== "sft" && method !== "dpo",
      "adapter",
      method === "reward"
        ? "OpenRLHF's LoRA leaves the score head as it was drawn; train every weight: null"
        : "OpenRLHF hands vLLM an adapter's weights, which vLLM does not know, instead of the model's with it; train every weight: null",
    ],
  ];
}

function adapterProblems({ adapter }: Exportable): Problems {
  if (adapter === null) return [];
  if (adapter.type !== "lora") return [[true, "adapter.type", "OpenRLHF trains LoRA or every weight"]];
  const { targets } = adapter;
  return [
    [adapter.init !== undefined, "adapter.init", "OpenRLHF's adapters start anew; merge it into the model first"],
    [adapter.start !== "zero", "adapter.start", "OpenRLHF starts LoRA at zero; set it to that"],
    [!Number.isInteger(adapter.alpha), "adapter.alpha", "OpenRLHF takes whole numbers"],
    [adapter.rankStabilised, "adapter.rankStabilised", "OpenRLHF scales by alpha / rank"],
    [adapter.dora, "adapter.dora", "OpenRLHF has no DoRA"],
    [adapter.modulesToSave.length > 0, "adapter.modulesToSave", "OpenRLHF trains no modules beside LoRA"],
    [
      Object.keys({ ...adapter.rankPattern, ...adapter.alphaPattern }).length > 0,
      "adapter.rankPattern",
      "OpenRLHF has one rank and one alpha",
    ],
    [
      targets !== "all-linear" && targets.some(isOfExperts),
      "adapter.targets",
      "OpenRLHF adapts layers, and a mixture's experts are none; leave them out",
    ],
  ];
}

function optimizerProblems({ optimizer, onSpike, stopOnAlert }: Exportable): Problems {
  const schedules = ["constant", "linear", "cosine", "cosine_with_min_lr", "inverse_sqrt"];
  return [
    [optimizer.name !== "adamw", "optimizer.name", "OpenRLHF has AdamW and DeepSpeed's Muon; set it to adamw"],
    [
      !schedules.includes(optimizer.schedule),
      "optimizer.schedule",
      `OpenRLHF gives this schedule no settings; take one of ${schedules.join(", ")}`,
    ],
    [optimizer.loraPlusRatio !== 1, "optimizer.loraPlusRatio", "OpenRLHF has one rate for all of LoRA; set it to 1"],
    [optimizer.clipping !== "global", "optimizer.clipping", "OpenRLHF clips globally"],
    [onSpike !== "continue", "onSpike", "OpenRLHF leaves no batches out"],
    [stopOnAlert, "stopOnAlert", "OpenRLHF has no alerts"],
  ];
}

function methodProblems(config: Exportable): Problems {
  if (isSampled(config)) return [...referenceProblem(config), ...sampledProblems(config)];
  if (config.method === "dpo") return [...referenceProblem(config), ...dpoProblems(config)];
  if (config.method === "sft")
    return [[config.sft.fromScratch, "sft.fromScratch", "OpenRLHF starts from the model's weights"]];
  const { centerRewardsCoefficient, confidenceColumn, criterion, headInit } = config.reward;
  return [
    [centerRewardsCoefficient > 0, "reward.centerRewardsCoefficient", "OpenRLHF does not centre rewards; set it to 0"],
    [confidenceColumn !== null, "reward.confidenceColumn", "OpenRLHF reads no confidences"],
    [criterion !== null, "reward.criterion", "OpenRLHF reads no ratings"],
    [headInit !== null, "reward.headInit", "OpenRLHF draws the head by itself; leave it empty"],
  ];
}

const referenceProblem = ({ reference }: { reference: string }): Problems => [
  [reference !== "base", "reference", "OpenRLHF's reference is the model as it is before the run: base"],
];

function dpoProblems({ dpo }: Extract<Exportable, { method: "dpo" }>): Problems {
  const names = [dpo.lossType].flat();
  return [
    [
      names.includes("ipo"),
      "dpo.lossType",
      "OpenRLHF's IPO sums an answer's log-probabilities, and the workbench's, as TRL's, takes their mean; take sigmoid or cdpo",
    ],
    [
      names.length > 1 || !["sigmoid", "cdpo", "ipo"].includes(names[0]!),
      "dpo.lossType",
      "OpenRLHF has sigmoid and cdpo",
    ],
    [dpo.confidenceColumn !== null, "dpo.confidenceColumn", "OpenRLHF reads no confidences"],
    [dpo.fDivergenceType !== "reverse_kl", "dpo.fDivergenceType", "OpenRLHF has reverse_kl"],
    [dpo.ldAlpha !== null, "dpo.ldAlpha", "OpenRLHF counts all tokens alike; leave it empty"],
    [dpo.useWeighting, "dpo.useWeighting", "OpenRLHF weights all pairs alike"],
    [dpo.refModelSyncSteps !== null, "dpo.refModelSyncSteps", "OpenRLHF's reference stays; leave it empty"],
  ];
}

function distributedProblems(config: Exportable): Problems {
  const { processes, zeroStage, offload } = config.distributed;
  return [
    [
      !isSampled(config) && config.batchSize % processes !== 0,
      "batchSize",
      `${processes} processes cannot share ${config.batchSize} rows equally; set it to a multiple of ${processes}`,
    ],
    [offload !== "none" && zeroStage === 0, "distributed.offload", "DeepSpeed offloads from ZeRO stage 1 on"],
  ];
}
