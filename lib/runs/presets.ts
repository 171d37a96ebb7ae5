// Templates of the launch form; the demo button launches the first one unchanged.
import demoRun from "../../data/samples/demo-run.json" with { type: "json" };

export interface Preset {
  id: string;
  name: string;
  about: string;
  /** Where its settings come from. */
  source: string;
  data: { kind: "sample"; id: string } | { kind: "queue" };
  config: Record<string, unknown>;
}

export const demoPreset = {
  id: "demo",
  name: "Quick demo (DPO, tiny)",
  about: "DPO on the tiny model with film reviews: accuracy and oracle reward rise within minutes",
  source: "β from this task's frontier, docs/frontier.md",
  data: { kind: "sample", id: "film-reviews" },
  config: demoRun,
} satisfies Preset;

export const presets: Preset[] = [
  demoPreset,
  {
    id: "ppo",
    name: "PPO (synthetic reward)",
    about: "PPO on the tiny model with the film reviews' exact reward: oracle reward rises within minutes",
    source: "PPO with oracle reward in docs/frontier.md",
    data: { kind: "sample", id: "film-reviews" },
    config: {
      method: "ppo",
      model: { source: "tiny", dtype: "float32" },
      adapter: { rank: 16, alpha: 32 },
      data: { heldOut: 0.1, maxLength: 128 },
      maxSteps: 160,
      sampleEvery: 40,
      samplePrompts: 24,
      saveEvery: 40,
      optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
      ppo: {
        rollouts: 64,
        maxCompletionLength: 48,
        numPpoEpochs: 2,
        numMiniBatches: 2,
        klCoef: 0.05,
        reward: { gold: "film-reviews" },
      },
    },
  },
  {
    id: "grpo",
    name: "GRPO (synthetic reward)",
    about: "The same without a critic: eight answers to each prompt, compared with each other",
    source: "Groups of eight; the rest as PPO in docs/frontier.md",
    data: { kind: "sample", id: "film-reviews" },
    config: {
      method: "grpo",
      model: { source: "tiny", dtype: "float32" },
      adapter: { rank: 16, alpha: 32 },
      data: { heldOut: 0.1, maxLength: 128 },
      maxSteps: 120,
      sampleEvery: 30,
      samplePrompts: 24,
      saveEvery: 30,
      optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
      grpo: {
        prompts: 8,
        numGenerations: 8,
        maxCompletionLength: 48,
        numIterations: 2,
        missingEosPenalty: 1,
        beta: 0.04,
        reward: { gold: "film-reviews" },
      },
    },
  },
  {
    id: "online-dpo",
    name: "Online DPO (synthetic reward)",
    about: "Two fresh answers to each prompt of a step, the better one against the other (Guo et al. 2024)",
    source: "Guo et al. 2024, arXiv 2402.04792: two answers and a step each",
    data: { kind: "sample", id: "film-reviews" },
    config: {
      method: "iterative-dpo",
      model: { source: "tiny", dtype: "float32" },
      adapter: { rank: 16, alpha: 32 },
      data: { heldOut: 0.1, maxLength: 128 },
      batchSize: 32,
      sampleEvery: 30,
      samplePrompts: 24,
      saveEvery: 30,
      optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
      iterativeDpo: {
        rounds: 120,
        promptsPerRound: 32,
        numGenerations: 2,
        maxCompletionLength: 48,
        judge: { gold: "film-reviews" },
        dpo: { beta: 0.1 },
      },
    },
  },
  {
    id: "smollm2",
    name: "SmolLM2 on your annotations",
    about: "DPO on a real 135 M model with the preferences annotated here",
    source: "DPO's defaults in TRL, with a learning rate for adapters",
    data: { kind: "queue" },
    config: {
      method: "dpo",
      model: { source: "smollm2-135m-instruct", dtype: "float32" },
      adapter: { rank: 16, alpha: 32 },
      data: { heldOut: 0.1, maxLength: 256 },
      batchSize: 2,
      gradientAccumulationSteps: 2,
      maxSteps: 20,
      sampleEvery: 10,
      samplePrompts: 4,
      saveEvery: 10,
      optimizer: { learningRate: 1e-4 },
    },
  },
];
