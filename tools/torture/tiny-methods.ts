// The shortest run of each training method on `tiny` that takes steps, evaluates, answers and saves.
import { allMethods, type Method } from "../../spec/methods/all";

/** Those that learn from the sample's rows: a process reward model needs solutions labelled by step. */
export const methods: Method[] = allMethods.flatMap(({ name }) => (name === "prm" ? [] : [name]));

export const [steps, evalEvery] = [6, 3];

/** Three updates of a few sampled answers, two steps each, with the reward that the sample's labels come from. */
const sampled = { maxCompletionLength: 8, reward: { gold: "film-reviews" } };
const own: Partial<Record<Method, object>> = {
  reward: { sampleEvery: null }, // it generates nothing
  ppo: { ppo: { ...sampled, rollouts: 4, numPpoEpochs: 2 } },
  grpo: { grpo: { ...sampled, prompts: 2, numGenerations: 2, numIterations: 2 } },
  rloo: { rloo: { ...sampled, prompts: 2, numGenerations: 2, numIterations: 2 } },
  "reinforce-plus-plus": { reinforcePlusPlus: { ...sampled, prompts: 4, numIterations: 2 } },
  "iterative-dpo": {
    maxSteps: null,
    iterativeDpo: {
      rounds: 3,
      promptsPerRound: 8,
      numGenerations: 4, // of fewer and shorter ones a round may be all ties
      maxCompletionLength: 24,
      judge: { gold: "film-reviews" },
    },
  },
  sppo: {
    maxSteps: null,
    sppo: { promptsPerRound: 4, numGenerations: 3, maxCompletionLength: 24, judge: { gold: "film-reviews" } },
  },
  "nash-md": {
    maxSteps: null,
    nashMd: { rounds: 6, promptsPerRound: 8, maxCompletionLength: 24, judge: { gold: "film-reviews" } },
  },
  raft: { maxSteps: null, raft: { ...sampled, maxCompletionLength: 24, promptsPerRound: 8, numGenerations: 4 } },
};

/** A run file's fields but for the training data and the output. */
export const configOf = (method: Method, seed: number) => ({
  method,
  model: { source: "tiny" },
  adapter: { rank: 4, alpha: 8, targets: ["q_proj"] },
  data: { heldOut: 0.01, maxLength: 40 },
  seed,
  batchSize: 4,
  maxSteps: steps,
  saveEvery: 2,
  evalEvery,
  sampleEvery: evalEvery,
  samplePrompts: 2,
  sampleLength: 4,
  optimizer: { learningRate: 1e-3 },
  ...own[method],
});
