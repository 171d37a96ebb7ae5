// Words for what records are and what votes say.
import type { Choice } from "@/lib/annotation/judging/judging-schema";
import type {
  RecordColumn,
  RecordFilter,
  RecordSort,
  RecordStatus,
  VoteSaid,
} from "@/lib/annotation/records/records-schema";
import { letter } from "../../../annotate/[id]/_components/keys";

const strengths = ["barely", "slightly", "clearly", "much"];
export const strengthWord = (strength: number) => strengths[strength - 1] ?? "";

export const statusWords: Record<RecordStatus, string> = {
  open: "Open",
  labelled: "Labelled",
  tie: "No preference",
  disputed: "Disputed",
  resolved: "Resolved",
  skipped: "Skipped",
  flagged: "Flagged",
  returned: "Returned",
  rewritten: "Rewritten",
  discussed: "Open comments",
  excluded: "Excluded",
  gold: "Gold",
};

export const saidWords: Record<VoteSaid, string> = {
  much: "Much better",
  clearly: "Clearly better",
  slightly: "Slightly better",
  barely: "Barely better",
  good: "Good",
  bad: "Bad",
  tie: "Tie",
  both_bad: "Both bad",
  skip: "Skip",
  flag: "Flag",
};

export const columnWords: Record<RecordColumn, string> = {
  a: "A",
  b: "B",
  label: "Label",
  p: "p",
  gap: "Reward gap",
  votes: "Votes A : B",
  ratio: "Length ratio",
  tags: "Tags",
  annotators: "Annotators",
  updated: "Updated",
};

export const sortWords: Record<RecordSort, string> = {
  position: "Order of the file",
  updated: "Last annotated",
  votes: "Most annotations",
  disagreement: "Most disagreement",
  gap: "Widest reward gap",
  length: "Largest length ratio",
};

/** What a view of the records browser is limited to. */
export const viewWords = (filter: RecordFilter): string =>
  [
    ...(filter.q ? [`“${filter.q}”`] : []),
    ...filter.status.map((status) => statusWords[status].toLowerCase()),
    ...filter.said.map((said) => saidWords[said].toLowerCase()),
    ...filter.tag.map((tag) => `tag ${tag}`),
    ...(filter.annotator.length > 0 ? ["chosen annotators"] : []),
    ...(filter.source.length + filter.model.length > 0 ? ["chosen sources or models"] : []),
    ...(filter.p ? ["a chosen label probability"] : []),
    ...(filter.gap ? ["a chosen reward gap"] : []),
    ...(filter.length ? ["a chosen length"] : []),
    ...(filter.seconds ? ["a chosen time to annotate"] : []),
    ...(filter.voted ? ["a chosen date"] : []),
  ].join(", ") || "any content";

/** A vote in terms of the answers as they stand on this screen. */
export function choiceWords(choice: Choice): string {
  switch (choice.kind) {
    case "left":
    case "right":
      return `${choice.kind === "left" ? "A" : "B"} ${strengthWord(choice.strength)} better`;
    case "ranking":
      return choice.tiers.map((tier) => tier.map(letter).join(" = ")).join(" > ");
    case "tie":
      return "Tie";
    case "both_bad":
      return "Both bad";
    case "good":
      return "Good";
    case "bad":
      return "Bad";
    case "step":
      return choice.step === 0 ? "All steps right" : `Step ${choice.step} is wrong`;
    case "skip":
      return "Skipped";
    case "flag":
      return `Flagged: ${choice.reason}`;
  }
}
