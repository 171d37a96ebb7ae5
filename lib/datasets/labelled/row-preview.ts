// A labelled row as a preview shows it: the prompt, and each answer with what the label says of it.

import type { ReadRow } from "../../../common/rows/formats";
import { contentText } from "../../../common/rows/messages";
import { wholeAnswers } from "../../../common/rows/whole-answers";
import type { Text } from "../../../spec/chat";

export interface ShownRow {
  prompt: string;
  answers: { text: string; label: string | null }[];
}

export function shownRow(row: ReadRow): ShownRow {
  switch (row.kind) {
    case "preference": {
      const { prompt, chosen, rejected } = wholeAnswers(row);
      return shown(prompt, [chosen, rejected], ["better", "worse"]);
    }
    case "ranking": {
      const place = (rank: number) => `rank ${1 + row.ranks.filter((other) => other < rank).length}`;
      return shown(row.prompt, row.completions, row.ranks.map(place));
    }
    case "unpaired":
      return shown(row.prompt, [row.completion], [row.label ? "good" : "bad"]);
    case "completion":
      return shown(row.prompt, [row.completion], ["answer"]);
    case "text":
      return shown("", [row.text], ["text"]);
    case "stepwise":
      return shown(
        row.prompt,
        row.steps.map(({ text }) => text),
        row.steps.map(({ label }) => (label ? "right" : "wrong")),
      );
    default:
      return shown(row.prompt, [], []);
  }
}

const shown = (prompt: Text, answers: Text[], labels: string[]): ShownRow => ({
  prompt: asked(prompt),
  answers: answers.map((answer, i) => ({ text: said(answer), label: labels[i]! })),
});

const asked = (prompt: Text): string =>
  typeof prompt === "string" ? prompt : contentText(prompt.at(-1)?.content ?? null);
const said = (answer: Text): string =>
  typeof answer === "string" ? answer : answer.map(({ content }) => contentText(content)).join("\n\n");
