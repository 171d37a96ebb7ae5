// What a dataset may hold once it is labelled.

/** Pairs of a better and a worse answer, whole rankings, answers that are good or bad by themselves, or answers to imitate. */
export const labelKinds = ["pairs", "rankings", "unpaired", "sft"] as const;
export type LabelKind = (typeof labelKinds)[number];

/** As a count of rows goes on: "34 labelled pairs". */
export const kindWords: Record<LabelKind, string> = {
  pairs: "labelled pairs",
  rankings: "rankings",
  unpaired: "good and bad answers",
  sft: "SFT rows",
};

/** What a file is that holds rows of both kinds; null where no method reads the two together. */
export function together(one: LabelKind, other: LabelKind): LabelKind | null {
  if (one === other) return one;
  const both = new Set([one, other]);
  if (!both.has("pairs")) return null;
  return both.has("rankings") ? "rankings" : both.has("unpaired") ? "unpaired" : null;
}
