// A record of PPO's rollouts by TRL (data/golden/trajectories/ppo_lora_sgd.json): what was asked and said, and which rows each step took.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Answered } from "../../rewards/rewards";

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

export interface Recorded {
  answers: Answered[];
  /** Rows of each optimiser step, in order. */
  steps: { epoch: number; minibatch: number; rows: number[] }[];
}

/** The updates of a record. Throws, with the place, on a file that is none. */
export function readReplay(path: string, eos: number): Recorded[] {
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
