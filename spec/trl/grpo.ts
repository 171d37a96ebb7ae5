// GRPO as TRL 1.16 has it: its options, what it lacks, and how its script asks the workbench for rewards.
import type { GrpoConfig } from "../methods/grpo";
import { type Options, python } from "./python";

/** The program that computes rewards: Node, as it is called there, and the workbench's folder. */
export const scorerIn = (node: string, workbench: string): string[] => [
  node,
  `${workbench}/scripts/program.mjs`,
  "trainers/cli.ts",
  "score-completions",
];

/** What a forward pass takes in: a prompt's group where a mini-batch is some of them. TRL's `bnpo` is a mean over the tokens of one pass. */
export function grpoBatches({ grpo }: GrpoConfig): { atOnce: number; passes: number } {
  const { prompts, numGenerations, numMiniBatches, lossType } = grpo;
  return prompts % numMiniBatches === 0 && lossType !== "bnpo"
    ? { atOnce: numGenerations, passes: prompts / numMiniBatches }
    : { atOnce: (prompts * numGenerations) / numMiniBatches, passes: 1 };
}

export function grpoOptions({ grpo }: GrpoConfig): Options {
  const { lossType, epsilonHigh, delta } = grpo;
  return {
    generation_batch_size: grpo.prompts * grpo.numGenerations,
    num_generations: grpo.numGenerations,
    num_iterations: grpo.numIterations,
    max_completion_length: grpo.maxCompletionLength,
    temperature: grpo.temperature,
    shuffle_dataset: false,
    loss_type: lossType,
    epsilon: grpo.epsilon,
    ...(epsilonHigh !== null && { epsilon_high: epsilonHigh }),
    ...(epsilonHigh === null && lossType === "cispo" && { epsilon_high: 5 }), // as for ours; TRL's own is epsilon
    ...(delta !== null && { delta }),
    importance_sampling_level: grpo.importanceSamplingLevel,
    scale_rewards: grpo.scaleRewards,
    beta: grpo.beta,
    use_bias_correction_kl: grpo.useBiasCorrectionKl,
    mask_truncated_completions: grpo.maskTruncatedCompletions,
  };
}

export function grpoProblems({ grpo, distributed }: GrpoConfig): [boolean, string, string][] {
  const { prompts, numGenerations, numMiniBatches } = grpo;
  const completions = prompts * numGenerations;
  return [
    [
      grpo.environment !== null,
      "grpo.environment",
      "TRL's environments are classes in Python, which this is not; leave it empty",
    ],
    [
      grpo.reward.grader !== null,
      "grpo.reward.grader",
      "the workbench alone asks its endpoints, and the script may run elsewhere; leave it empty",
    ],
    [grpo.ptx !== null, "grpo.ptx.texts", "TRL's GRPO learns no texts beside its completions; leave it empty"],
    [grpo.supervision === "process", "grpo.supervision", "TRL rewards completions as wholes; set it to outcome"],
    [
      grpo.dynamicSamplingBatches > 1,
      "grpo.dynamicSamplingBatches",
      "TRL samples each update's prompts once; set it to 1",
    ],
    [
      completions % numMiniBatches !== 0,
      "grpo.numMiniBatches",
      `TRL's mini-batches are of one size, and ${completions} completions cannot be divided into ${numMiniBatches}`,
    ],
    [
      distributed.processes > 1,
      "distributed.processes",
      "the script samples, and asks for rewards, in one process; set it to 1",
    ],
    [
      distributed.zeroStage > 0,
      "distributed.zeroStage",
      "the script samples from a model that is not divided; set it to 0",
    ],
  ];
}

/** The rows, and the function that has the workbench score what is sampled. */
export const rewardLines = (scorer: string[]) => `rows = [json.loads(line) for line in open(here / "rows.jsonl")]

# The reward of run.json, computed by the workbench: a line with completions goes in, a line with a number for each comes out.
scorer = subprocess.Popen(
    [${scorer.map(python).join(", ")}, str(here / "run.json")],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    encoding="utf-8",
)


def reward(row, completion_ids, log_metric, **_):
    asked = [{**rows[i], "completion_ids": ids} for i, ids in zip(row, completion_ids)]
    print(json.dumps(asked), file=scorer.stdin, flush=True)
    answer = scorer.stdout.readline()
    scored = json.loads(answer) if answer else {"error": "the program that computes the reward has ended"}
    if "error" in scored:
        raise RuntimeError(scored["error"])
    for name, mean in scored["parts"].items():
        log_metric(name, mean)
    return scored["scores"]


`;
