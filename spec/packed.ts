// A model whose linear layers are packed in few bits by GPTQ or AWQ, and what that did to it.
import { z } from "zod";

/** Ways to pack, with the bits a weight that each has. */
export const packers = { gptq: [4, 8], awq: [4] } as const;
export type Packer = keyof typeof packers;
export const packerNames = Object.keys(packers) as Packer[];

/** Inputs that may share a scale, the usual number first. */
export const groupSizes: readonly number[] = [128, 64, 32];

const beforeAndAfter = z.object({ before: z.number(), after: z.number() });

export const packed = z.object({
  by: z.enum(packerNames),
  bits: z.number(),
  /** Inputs that share a scale. */
  group: z.number(),
  /** Rows of text that it was calibrated on, and others of the same file that the rest was measured on. */
  rows: z.object({ calibrated: z.number(), measured: z.number() }),
  /** Of all weights; before, in float32. */
  bytes: beforeAndAfter,
  perplexity: beforeAndAfter,
  /** KL(before ‖ after) a token, in nats. */
  kl: z.object({ mean: z.number(), se: z.number() }),
  /** Share of the tokens at which both find the same token likeliest. */
  sameTop: z.number(),
});
export type Packed = z.infer<typeof packed>;

/** "GPTQ 4, group 128" */
export const packedName = ({ by, bits, group }: Pick<Packed, "by" | "bits" | "group">): string =>
  `${by.toUpperCase()} ${bits}, group ${group}`;
