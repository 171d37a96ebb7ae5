// Fields that methods which learn from labels have in common.
import { z } from "zod";
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
