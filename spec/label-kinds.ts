// What the rows of a dataset may be, once nobody has to judge them before a method learns from them.
import type { Question } from "./queue-options";

/**
 * Pairs of a better and a worse answer, whole rankings, answers that are good or bad by themselves, answers to imitate, prompts alone,
 * solutions whose steps are right or wrong each by itself, and texts that are learnt whole.
 */
export const labelKinds = ["pairs", "rankings", "unpaired", "sft", "prompts", "stepwise", "text"] as const;
export type LabelKind = (typeof labelKinds)[number];

/** As a count of rows goes on: "34 labelled pairs". */
export const kindWords: Record<LabelKind, string> = {
  pairs: "labelled pairs",
  rankings: "rankings",
  unpaired: "good and bad answers",
  sft: "SFT rows",
  prompts: "prompts",
  stepwise: "solutions labelled by step",
  text: "plain texts",
};

/** Whether rows of this kind say of their answers how good they are. */
export const bearsLabels = (kind: LabelKind): boolean => ["pairs", "rankings", "unpaired", "stepwise"].includes(kind);

const answering: Record<Question, LabelKind[]> = {
  compare: ["pairs", "rankings"],
  single: ["pairs", "unpaired"],
  steps: ["stepwise"],
};

/** Whether labels of this kind answer what annotators are asked, so that they can be kept beside theirs. */
export const canBeKept = (kind: LabelKind, question: Question): boolean => answering[question].includes(kind);

/** What a file is that holds rows of both kinds; null where no method reads the two together. */
export function together(one: LabelKind, other: LabelKind): LabelKind | null {
  if (one === other) return one;
  const both = new Set([one, other]);
  if (both.has("sft") && both.has("text")) return "sft";
  if (!both.has("pairs")) return null;
  return both.has("rankings") ? "rankings" : both.has("unpaired") ? "unpaired" : null;
}
