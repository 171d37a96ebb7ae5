// PPO over a record of TRL's rollouts (data/golden/trajectories/ppo_lora_sgd.json) instead of its own: prompts, answers, and which
// rows each optimiser step took. It logs every optimiser step under names without `_avg`, so that a script can compare the two step by step.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { PpoConfig } from "../../../spec/methods/ppo";
import type { MeasuredName } from "../../../spec/metrics/catalogue";
import type { Dataset } from "../../data/dataset";
import type { Tokens } from "../../data/tokenize";
import type { LossOutput } from "../../engine/loss-output";
import type { Answered } from "../../rewards/answered";
import type { Training } from "../method";
import type { RolloutSource } from "../shared/rollout";
import { createPpo, type PpoBatch, ppo, ppoRoles } from "./method";

const record = z.object({
  updates: z
    .array(
      z.object({
        /** Padded on the left, as the mask says. */
        queries: z.array(z.array(z.int())),
        query_attention_mask: z.array(z.array(z.int())),
        /** Padded after EOS. */
        responses: z.array(z.array(z.int())),
        minibatches: z.array(z.object({ ppo_epoch: z.int(), minibatch: z.int(), rows: z.array(z.int()) })),
      }),
    )
    .min(1),
});

interface RecordedUpdate {
  answers: Answered[];
  /** Rows of each optimiser step, in order. */
  steps: { epoch: number; minibatch: number; rows: number[] }[];
}

export const replayedPpo = (path: string): Training<PpoConfig, Tokens, PpoBatch> => ({
  ...ppo,
  readRows: async (_, { eos }) => recordedPrompts(readReplay(path, eos)),
  create(setup, config) {
    const updates = readReplay(path, setup.tokenizer.eos);
    const source = replaySource(updates);
    const { stepsPerUpdate } = source;
    const method = createPpo(setup, ppoRoles(setup, config), config, source);
    return {
      ...method,
      stepsPerRollout: 1,
      answersPerRollout: config.ppo.rollouts / stepsPerUpdate,
      loss: (batch) => ofOneStep(method.loss(batch)),
      stepMetrics(step) {
        const { epoch, minibatch } = updates[Math.floor(step / stepsPerUpdate)]!.steps[step % stepsPerUpdate]!;
        return { ...method.stepMetrics?.(step), epoch: epoch + 1, minibatch: minibatch + 1 };
      },
    };
  },
});

/** The updates of a record. Throws, naming the field, on a file that is not one. */
function readReplay(path: string, eos: number): RecordedUpdate[] {
  const { success, data, error } = record.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!success)
    throw new Error(`${path} is no record of PPO: ${error.issues[0]!.path.join(".")} ${error.issues[0]!.message}`);
  return data.updates.map(({ queries, query_attention_mask: mask, responses, minibatches }) => ({
    answers: queries.map((query, i) => ({
      prompt: null,
      query: query.filter((_, t) => mask[i]![t] === 1),
      response: untilEos(responses[i]!, eos),
    })),
    steps: minibatches.map(({ ppo_epoch: epoch, minibatch, rows }) => ({ epoch, minibatch, rows })),
  }));
}

function untilEos(ids: number[], eos: number): number[] {
  const end = ids.indexOf(eos);
  return end < 0 ? ids : ids.slice(0, end + 1);
}

function recordedPrompts(updates: RecordedUpdate[]): Dataset<Tokens> {
  const queries = updates.flatMap(({ answers }) => answers.map(({ query }) => query));
  const train = queries.map((ids) => ({
    tokens: { input_ids: ids, completion_mask: ids.map(() => 0) },
    prompt: null,
    promptIds: ids,
  }));
  return { train, heldOut: [], notes: [] };
}

const replaySource = (updates: RecordedUpdate[]): RolloutSource => ({
  updates: updates.length,
  stepsPerUpdate: updates[0]!.steps.length,
  sample(update) {
    const recorded = updates[update];
    if (!recorded) throw new Error(`the record has only ${updates.length} updates, and maxSteps asks for more`);
    return { answers: recorded.answers, logProbs: null, stats: {} };
  },
  miniBatch: (update, step) => updates[update]!.steps[step]!.rows,
});

/** Metrics averaged over an update's steps (`…_avg`), and their names for a single step. */
const namesOfOneStep: Partial<Record<MeasuredName, MeasuredName>> = {
  "loss/policy_avg": "loss/policy",
  "loss/value_avg": "loss/value",
  "policy/clipfrac_avg": "policy/clipfrac",
  "val/clipfrac_avg": "val/clipfrac",
};

function ofOneStep({ stats, ...output }: LossOutput): LossOutput {
  const renamed = Object.entries(stats).map(([name, average]) => [
    namesOfOneStep[name as MeasuredName] ?? name,
    average,
  ]);
  return { ...output, stats: Object.fromEntries(renamed) };
}
