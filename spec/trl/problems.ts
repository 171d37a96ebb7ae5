// Which runs TRL 1.16 can train, and what it lacks of the others, by field.
import { FieldError } from "../field-error";
import type { RunConfig } from "../methods/all";
import { grpoProblems } from "./grpo";

/** Methods that there is a script of. */
export type TrlMethod = "sft" | "dpo" | "kto" | "reward" | "grpo";
export type Scripted = Extract<RunConfig, { method: TrlMethod }>;

export const trlMethods: readonly string[] = ["sft", "dpo", "kto", "reward", "grpo"];

/** The same run, if there is a script of it. Throws a FieldError that says what TRL cannot do. */
export function scripted(config: RunConfig): Scripted {
  if (!trlMethods.includes(config.method))
    throw new FieldError("method", `there is no TRL script of ${config.method}; there is of ${trlMethods.join(", ")}`);
  for (const [path, why] of trlProblems(config)) throw new FieldError(path, why);
  return config as Scripted;
}

/** What the script of a run, of a method that there is one of, would train otherwise: each with its field. */
export function trlProblems(run: RunConfig): [string, string][] {
  const config = run as Scripted;
  const { adapter, model, optimizer, onSpike, stopOnAlert } = config;
  const all: [boolean, string, string][] = [
    [model.quantisation !== null, "model.quantisation", "the script holds the base in full precision; leave it empty"],
    [adapter !== null && adapter.type !== "lora", "adapter.type", "the script trains LoRA or every weight"],
    [
      adapter?.type === "lora" && adapter.start !== "zero",
      "adapter.start",
      "PEFT moves the base's weights for this start; set it to zero",
    ],
    [
      adapter?.type === "lora" && Object.keys({ ...adapter.rankPattern, ...adapter.alphaPattern }).length > 0,
      "adapter.rankPattern",
      "the script has one rank and one alpha",
    ],
    [
      !["constant", "linear", "cosine", "inverse_sqrt"].includes(optimizer.schedule),
      "optimizer.schedule",
      "the script takes constant, linear, cosine or inverse_sqrt",
    ],
    [!["adamw", "sgd"].includes(optimizer.name), "optimizer.name", "the script takes adamw or sgd"],
    [optimizer.loraPlusRatio !== 1, "optimizer.loraPlusRatio", "the script has one rate for all of LoRA; set it to 1"],
    [optimizer.clipping !== "global", "optimizer.clipping", "TRL clips globally"],
    [optimizer.paged, "optimizer.paged", "TRL keeps the optimizer's states in memory"],
    [onSpike !== "continue", "onSpike", "TRL leaves no batches out"],
    [stopOnAlert, "stopOnAlert", "a run by TRL has no alerts"],
    [
      config.method === "sft" && config.sft.fromScratch,
      "sft.fromScratch",
      "the script starts from the model's weights",
    ],
    [
      "reference" in config && config.reference !== "base",
      "reference",
      "the script's reference is the model with its adapter off: base",
    ],
    [
      config.method === "dpo" && config.dpo.confidenceColumn !== null,
      "dpo.confidenceColumn",
      "TRL reads no confidences",
    ],
    [config.method === "dpo" && [config.dpo.lossType].flat().includes("cdpo"), "dpo.lossType", "TRL has no cdpo"],
    [
      config.method === "dpo" && config.dpo.refModelSyncSteps !== null,
      "dpo.refModelSyncSteps",
      "the script's reference stays",
    ],
    ...(config.method === "kto" ? ktoProblems(config) : []),
    ...(config.method === "grpo" ? grpoProblems(config) : []),
    ...distributedProblems(config),
    [
      config.method === "reward" && (config.reward.confidenceColumn !== null || config.reward.criterion !== null),
      "reward.confidenceColumn",
      "TRL reads neither confidences nor ratings",
    ],
  ];
  return all.flatMap(([isSo, path, why]) => (isSo ? [[path, why]] : []));
}

/** Losses of TRL's DPO that are not means over rows: it sorts the rows of a process, or takes the mean over its tokens. */
const overRows = ["aot", "aot_unpaired", "sft"];

function distributedProblems(config: Scripted): [boolean, string, string][] {
  const { distributed, batchSize } = config;
  const { processes, zeroStage, offload } = distributed;
  const shared =
    config.method === "dpo" ? [config.dpo.lossType].flat().find((name) => overRows.includes(name)) : undefined;
  return [
    [
      processes > 1 && shared !== undefined,
      "distributed.processes",
      `TRL takes the loss ${shared} over each process's rows together, so that the result depends on their number; set it to 1`,
    ],
    [
      batchSize % processes !== 0,
      "batchSize",
      `${processes} processes cannot share ${batchSize} rows equally; set it to a multiple of ${processes}`,
    ],
    [offload !== "none" && zeroStage === 0, "distributed.offload", "DeepSpeed offloads from ZeRO stage 1 on"],
  ];
}

/** TRL reads KTO's reference point off the previous row of the batch, and so keeps the rows' order. */
function ktoProblems({
  kto,
  data,
  batchSize,
  distributed,
}: Extract<Scripted, { method: "kto" }>): [boolean, string, string][] {
  const readsPoint = kto.lossType === "kto";
  return [
    [kto.lossType === "bco", "kto.lossType", "TRL's KTO has no bco"],
    [
      readsPoint && kto.klPartner !== "previous-row",
      "kto.klPartner",
      "TRL takes the previous row: set it to previous-row",
    ],
    [
      readsPoint && data.order !== "sequential",
      "data.order",
      "TRL's KTO takes rows in their order: set it to sequential",
    ],
    [
      readsPoint && distributed.processes > 1,
      "distributed.processes",
      "TRL's KTO exchanges the answers of each process's rows, so that the result depends on their number; set it to 1",
    ],
    [readsPoint && batchSize < 2, "batchSize", "TRL's KTO exchanges the answers of a batch, which needs two rows"],
    [kto.refModelSyncSteps !== null, "kto.refModelSyncSteps", "the script's reference stays"],
  ];
}
