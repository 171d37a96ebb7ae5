// Whether a policy is rewarded for its answers as wholes or also for each of their steps.
import { z } from "zod";
import { advanced } from "../field-meta";
import type { RewardParts } from "./rewards";

export const supervision = z
  .enum(["outcome", "process"])
  .default("outcome")
  .describe("Supervision")
  .meta(
    advanced(
      "outcome: one reward for the whole completion; process: a process reward model rewards each step where it ends, and the reward's other parts the whole",
    ),
  );
export type Supervision = z.output<typeof supervision>;

/** Steps come from one model: several may cut an answer differently. */
export const stepsAreJudged = ({ supervision, reward }: { supervision: Supervision; reward: RewardParts }): boolean =>
  supervision === "outcome" || [reward.model ?? []].flat().length === 1;
export const noSteps = {
  path: ["reward", "model"],
  message: "process supervision takes the rewards of steps from one process reward model: name one",
};
