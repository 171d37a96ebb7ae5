// The steps and rules of a corpus in the words of its page.
import type { PageRule, Step } from "@/lib/corpus/corpus-schema";

export const stepWords: Record<Step, { title: string; means: string }> = {
  reading: { title: "Reading", means: "Files and rows that are damaged, too large or no text." },
  urls: { title: "Addresses", means: "Documents from listed addresses." },
  extraction: { title: "Extraction", means: "Documents without text, or that could not be read." },
  languages: { title: "Language", means: "Documents in other languages." },
  rules: {
    title: "Quality rules",
    means: "Pages that Gopher, C4 or FineWeb would have left out, with the number that breaks the rule.",
  },
  contamination: {
    title: "Contamination",
    means: "Documents that share twelve words in a row with what a model is to be tested with.",
  },
  exact: { title: "Exact duplicates", means: "Documents that say what an earlier one says, word for word." },
  near: { title: "Near duplicates", means: "Documents that have 80 % or more in common with an earlier one." },
  quality: { title: "Reward model", means: "Documents with a lower score than the least, with their scores." },
};

export const ruleWords: Record<PageRule, string> = {
  gopherQuality: "Gopher: quality (length, symbols, stop words)",
  gopherRepetition: "Gopher: repetition",
  c4Quality: "C4: quality (sentences, placeholder text, code)",
  c4BadWords: "C4: bad words",
  fineWebQuality: "FineWeb: quality (line ends, short and repeated lines)",
};

export const count = (value: number) => value.toLocaleString("en");
