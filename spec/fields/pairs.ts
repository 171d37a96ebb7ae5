// Fields that methods which learn from labels have in common.
import { z } from "zod";
import { type AdapterConfig, startsAsBase } from "../adapters/adapters";
import type { Problem } from "../errors";
import { advanced, essential } from "../field-meta";

export const beta = (start: number, help: string) =>
  z.number().positive().max(100).default(start).describe("β").meta(essential(help));

export const labelSmoothing = z
  .number()
  .min(0)
  .lt(0.5)
  .default(0)
  .describe("Label smoothing ε")
  .meta(advanced("Probability that a preference label is flipped"));

export const confidenceColumn = z
  .string()
  .min(1)
  .nullable()
  .default(null)
  .describe("Confidence column")
  .meta(
    advanced(
      "Column with the probability that a row's chosen answer is the better one: p_chosen in exports of this workbench. Empty: labels are certain",
    ),
  );

/** Of methods whose reference may follow the policy. */
export const movingReference = {
  refModelSyncSteps: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("Move the reference every")
    .meta(
      advanced(
        "Steps between two moves of the reference towards the policy (TR-DPO; TRL: 512). Empty: it stays as it is",
      ),
    ),
  refModelMixupAlpha: z
    .number()
    .gt(0)
    .max(1)
    .default(0.6)
    .describe("How far the reference moves")
    .meta(advanced("α: the reference becomes α · policy + (1 − α) · reference, weight by weight; 1 replaces it")),
};
export type MovingReference = z.output<z.ZodObject<typeof movingReference>>;
/** What a method within another one has: its reference is moved there. */
export const staysAsItIs: MovingReference = { refModelSyncSteps: null, refModelMixupAlpha: 1 };

/** A reference that moves begins as the policy does. */
export function movingProblems(
  { reference, adapter }: { reference: string; adapter: AdapterConfig | null },
  { refModelSyncSteps }: MovingReference,
): Problem[] {
  const startsWithPolicy = reference === "initial" || (reference === "base" && startsAsBase(adapter));
  if (refModelSyncSteps === null || startsWithPolicy) return [];
  const message = `a reference that moves every ${refModelSyncSteps} steps begins as the policy, and this one is "${reference}": set it to "initial", or leave the steps empty`;
  return [{ path: "reference", message }];
}
