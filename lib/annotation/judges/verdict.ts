// A judge's answer as what it says of the two responses, and what two answers say together.
import { z } from "zod";
import type { Aspects } from "../../db/tables/judgements";
import type { OrderVerdict } from "../../db/tables/judges";
import { objectIn } from "../../endpoints/ask-json";

const rating = z.int().min(1).max(5);

const answerFor = (aspects: string[]) =>
  z
    .strictObject({
      reason: z.string().trim().min(1).max(4000),
      ...(aspects.length > 0 && {
        criteria: z.strictObject(
          Object.fromEntries(aspects.map((aspect) => [aspect, z.strictObject({ A: rating, B: rating })])),
        ),
      }),
      better: z.enum(["A", "B", "tie"]),
      strength: z.int().min(0).max(4),
    })
    .refine(({ better, strength }) => better === "tie" || strength > 0, {
      path: ["strength"],
      error: "1 to 4 where one response is better",
    });

/** What was said with the answers in one order, in terms of the answers themselves. */
export interface Opinion {
  verdict: OrderVerdict;
  strength: number;
  reason: string;
  aspects: Aspects;
}

/** Of the answers as `first` says they stood; what is wrong with the text where it is none. */
export function readOpinion(text: string, aspects: string[], shown: "first" | "second"): Opinion | { problem: string } {
  const read = objectIn(text, answerFor(aspects));
  if ("problem" in read) return read;
  const { reason, better, strength } = read.object;
  const criteria = (read.object as { criteria?: Record<string, { A: number; B: number }> }).criteria ?? {};
  const isA = shown === "first";
  return {
    verdict: better === "tie" ? "tie" : (better === "A") === isA ? "first" : "second",
    strength: better === "tie" ? 0 : strength,
    reason,
    aspects: Object.fromEntries(Object.entries(criteria).map(([name, { A, B }]) => [name, isA ? [A, B] : [B, A]])),
  };
}

/** One vote of two: where they disagree, whatever about, the answers are as good as each other to this judge. Ratings are the means of both. */
export function together([one, other]: [Opinion, Opinion]): Omit<Opinion, "reason"> & { rationale: string } {
  const verdict = one.verdict === other.verdict ? one.verdict : "tie";
  const middle = (a: number | null, b: number | null) => (a! + b!) / 2;
  return {
    verdict,
    strength: verdict === "tie" ? 0 : Math.round(middle(one.strength, other.strength)),
    rationale: `First response as A: ${one.reason}\nSecond response as A: ${other.reason}`,
    aspects: Object.fromEntries(
      Object.entries(one.aspects).map(([name, [a, b]]) => {
        const [c, d] = other.aspects[name]!;
        return [name, [middle(a, c), middle(b, d)]];
      }),
    ),
  };
}
