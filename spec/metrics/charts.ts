// The charts of a run's page, in their order. Which metrics are drawn in each, the metrics say.

interface Chart {
  title: string;
  section: string;
}

export const charts = {
  accuracy: { title: "Accuracy", section: "Reward" },
  rewards: { title: "Rewards", section: "Reward" },
  scores: { title: "Scores", section: "Reward" },
  stepAccuracy: { title: "Step accuracy", section: "Reward" },
  firstErrors: { title: "First-error accuracy", section: "Reward" },
  stepScores: { title: "Scores of steps", section: "Reward" },
  margin: { title: "Margin", section: "Reward" },
  rolloutReward: { title: "Rollout reward", section: "Reward" },
  klPenalty: { title: "KL penalty", section: "Reward" },
  bestOverWorst: { title: "Best minus worst reward", section: "Reward" },
  pairs: { title: "Pairs per round", section: "Reward" },
  kept: { title: "Kept completions", section: "Reward" },
  winRates: { title: "Win rates within a prompt", section: "Reward" },
  opponent: { title: "Win probability against the opponent", section: "Reward" },
  rewardStd: { title: "Reward std of rollouts", section: "Reward" },
  zeroStd: { title: "Groups without reward variance", section: "Reward" },
  sampledBatches: { title: "Batches sampled per update", section: "Reward" },
  rewardParts: { title: "Reward components", section: "Reward" },
  ruleRewards: { title: "Rewards of rules", section: "Reward" },
  ensemble: { title: "Ensemble deviation", section: "Reward" },
  gold: { title: "Oracle reward", section: "Reward" },
  reward: { title: "Reward", section: "Reward" },
  winRate: { title: "Win rate against the reference", section: "Reward" },
  kl: { title: "KL to reference", section: "KL" },
  klPerToken: { title: "KL per token", section: "KL" },
  rolloutKl: { title: "Rollout KL", section: "KL" },
  rolloutKlPerToken: { title: "Rollout KL per token", section: "KL" },
  klCoefficient: { title: "KL coefficient", section: "KL" },
  teacherKl: { title: "KL to teacher", section: "KL" },
  referencePoint: { title: "Reference point", section: "KL" },
  logProbs: { title: "Log-probabilities", section: "KL" },
  logits: { title: "Mean logits", section: "KL" },
  loss: { title: "Loss", section: "Loss" },
  nll: { title: "NLL of chosen answers", section: "Loss" },
  ptxLoss: { title: "Loss on the pre-training mix", section: "Loss" },
  logOdds: { title: "Log odds ratio", section: "Loss" },
  tokenAccuracy: { title: "Token accuracy", section: "Loss" },
  teacherAgreement: { title: "Agreement with the teacher", section: "Loss" },
  gradientNorm: { title: "Gradient norm", section: "Loss" },
  learningRate: { title: "Learning rate", section: "Loss" },
  balance: { title: "Load-balancing loss", section: "Experts" },
  expertLoad: { title: "Expert load", section: "Experts" },
  expertRange: { title: "Busiest and idlest expert", section: "Experts" },
  policyLoss: { title: "Policy loss", section: "Policy and critic" },
  valueLoss: { title: "Value loss", section: "Policy and critic" },
  clipFraction: { title: "Clip fraction", section: "Policy and critic" },
  approxKl: { title: "Approximate KL of the update", section: "Policy and critic" },
  ratio: { title: "Importance ratio", section: "Policy and critic" },
  explainedVariance: { title: "Explained variance", section: "Policy and critic" },
  entropy: { title: "Entropy", section: "Policy and critic" },
  policyEntropy: { title: "Policy entropy", section: "Policy and critic" },
  rolloutEntropy: { title: "Rollout entropy", section: "Policy and critic" },
  length: { title: "Completion length", section: "Completions" },
  rolloutLength: { title: "Rollout length", section: "Completions" },
  rolloutTurns: { title: "Turns per rollout", section: "Completions" },
  rolloutSteps: { title: "Steps per rollout", section: "Completions" },
  truncated: { title: "Truncated rollouts", section: "Completions" },
  ended: { title: "Ended with EOS", section: "Completions" },
  rolloutsEnded: { title: "Rollouts ended with EOS", section: "Completions" },
  repeated: { title: "Duplicate rollouts", section: "Completions" },
  diversity: { title: "Diversity", section: "Completions" },
  generationEntropy: { title: "Generation entropy", section: "Completions" },
  perplexity: { title: "Perplexity of general text", section: "Completions" },
  speed: { title: "Throughput", section: "Speed and memory" },
  kvCache: { title: "KV cache in use", section: "Speed and memory" },
  memory: { title: "Memory", section: "Speed and memory" },
} as const satisfies Record<string, Chart>;
export type ChartName = keyof typeof charts;

/** Numbers on top of a run's page, each the first of its metrics that was measured; until one is, it has this name. */
export const tiles = {
  learning: "Accuracy",
  drift: "KL to reference",
  loss: "Loss",
  speed: "Throughput",
} as const;
export type Tile = keyof typeof tiles;

/** Tables and curves that show a choice of metrics: a run's checkpoints; of compared runs parallel coordinates, final metrics and curves. */
export type View = "checkpoints" | "parallel" | "finals" | "curves";

/** What most ask for first, what a comparison adds, and what it draws without naming it in its table. */
export const headline: readonly View[] = ["checkpoints", "parallel", "finals", "curves"];
export const result: readonly View[] = ["finals", "curves"];
export const curve: readonly View[] = ["curves"];
