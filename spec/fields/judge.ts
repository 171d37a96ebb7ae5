// Who compares completions: a reward, or people and endpoints in a queue of annotations.
import { z } from "zod";
import { essential } from "../field-meta";
import { isGiven, rewardParts } from "./rewards";

export const judge = rewardParts.extend({
  queue: z
    .union([z.int().positive(), z.literal("new")])
    .nullable()
    .default(null)
    .describe("Human judges (queue)")
    .meta({
      ...essential(
        "Instead of a reward: the pairs of a round go to this annotation queue (new: one of its own) and the run waits for the annotations",
      ),
      takes: "queue",
    }),
  endpoint: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .nullable()
    .default(null)
    .describe("Judging endpoint")
    .meta({
      ...essential(
        "Instead of a reward: an endpoint of the workbench, by its name, compares the completions in both orders. Its votes go to the queue above (or one of the run's own), where people's stand over them",
      ),
      takes: "endpoint",
    }),
});

export type Judge = z.output<typeof judge>;

/** Whether its pairs are compared by people or over an endpoint. */
export const comparesInQueue = ({ queue, endpoint }: Judge): boolean => queue !== null || endpoint !== null;

/** How many are given: a reward, and whoever compares in a queue. */
export const judges = (given: Judge): number => Number(isGiven(given)) + Number(comparesInQueue(given));

export const oneJudge =
  "give a reward model, an oracle reward, an address, a function, a grader or a rule, or else a queue of human judges or an endpoint";
