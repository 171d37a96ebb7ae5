// What a stranger needs to know of an exported queue, as a dataset card in Hugging Face's form.
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { isAlone } from "../../../spec/queue-options";
import { agreementOf } from "../../annotation/agreement/queue-agreement";
import { decidedItems } from "../../annotation/judging/standing-votes";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { type Queue, queues } from "../../db/tables/queues";

const share = (value: { value: number; low: number; high: number }) =>
  `${value.value.toFixed(2)} (${value.low.toFixed(2)} to ${value.high.toFixed(2)})`;

/** `rows` is the export whose hash the card names. */
export function datasetCard(queueId: number, rows: string): string {
  const queue = appDb().select().from(queues).where(eq(queues.id, queueId)).get()!;
  const decided = [...decidedItems(queueId)];
  const { raters, shared, measures } = agreementOf(queueId);
  const all = appDb()
    .select({ source: items.source, gold: items.gold })
    .from(items)
    .where(eq(items.queueId, queueId))
    .all();
  const sources = [...new Set(all.map(({ source }) => source))];
  const single = isAlone(queue.mode);
  const steps = queue.mode === "steps";
  const ruled = decided.filter((one) => one.ruled).length;
  return `---
pretty_name: ${JSON.stringify(queue.name)}
task_categories: [text-generation]
tags: [${steps ? "process-reward-model, rlhf" : single ? "preference, kto, rlhf" : "preference, dpo, reward-model, rlhf"}]
size_categories: [${sizeOf(decided.length)}]
---

# ${queue.name}

${queue.about} ${decided.length} of ${all.length} ${steps ? "solutions are labelled by step" : single ? "answers are labelled good or bad" : "pairs have a preferred answer"} and are included here. Created with Alignment workbench; the rows' SHA-256 (as JSON lines) is \`${createHash("sha256").update(rows).digest("hex")}\`.

## Annotation

- ${raters.length} ${raters.length === 1 ? "annotator" : "annotators"}; ${queue.overlap === null ? "every record was open to every annotator" : `${queue.overlap} annotations per record`}.${single ? "" : " The sides were random."} The models were not named.
- ${questionWords[queue.mode]}
- Sampling: ${queue.strategy === "file" ? "sequential" : `${queue.strategy}, with 15 % drawn at random`}.
- ${shared} records were annotated by two or more people${measures ? `. Percent agreement ${share(measures.percent)}; Krippendorff's α ${single ? share(measures.alphaSide) : `of the side ${share(measures.alphaSide)}, of the strength ${share(measures.alphaStrength)}`}; 95 % intervals` : ""}.
- ${ruled} ${ruled === 1 ? "record was" : "records were"} decided by a reviewer.${all.some(({ gold }) => gold) ? " Gold records, which test annotators, are excluded." : ""}

## Columns

| column | meaning |
| --- | --- |
| prompt | the conversation, role and content |
${
  single
    ? `${
        steps
          ? `| completions | the steps, up to the first wrong one |
| labels | whether each is right |`
          : `| completion | the answer |
| label | whether it is good |`
      }
| n_raters | number of annotators; 0 where the label came with the file (labelled_by: import) and nobody here has judged the answer |
| p_label | probability that the label is right, by the annotators' reliability (Dawid and Skene 1979) |`
    : `| chosen, rejected | the answers, the preferred one first |
| strength | mean strength in favour of the chosen answer |
| n_raters | number of annotators; 0 where the label came with the file (labelled_by: import) or a model judged (judge) and nobody here has judged the pair |
| p_chosen | probability that the chosen answer is the better one, by the annotators' reliability (Dawid and Skene 1979) |`
}
| rationales | the annotators' reasons |

## Sources

${sources
  .slice(0, 20)
  .map((source) => `- ${source}`)
  .join("\n")}
${queue.guidelines ? `\n## Guidelines\n\n${queue.guidelines}\n` : ""}`;
}

const questionWords: Record<Queue["mode"], string> = {
  scale: "Strength from 1, barely better, to 4, much better.",
  pair: "Preference only; strength is always 1.",
  single: "Each answer was judged by itself, good or bad.",
  steps: "Of each solution the first wrong step was named; what follows from it was not judged.",
};

const sizeOf = (rows: number) =>
  rows < 1000 ? "n<1K" : rows < 10_000 ? "1K<n<10K" : rows < 100_000 ? "10K<n<100K" : "100K<n<1M";
