// What a stranger needs to know of an exported queue, as a dataset card in Hugging Face's form.
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { agreementOf } from "../../annotation/agreement/queue-agreement";
import { decidedItems } from "../../annotation/judging/standing-votes";
import { appDb } from "../../db/client";
import { items, queues } from "../../db/schema";

const share = (value: { value: number; low: number; high: number }) =>
  `${value.value.toFixed(2)} (${value.low.toFixed(2)} to ${value.high.toFixed(2)})`;

/** `pairs` is the export whose hash the card names. */
export function datasetCard(queueId: number, pairs: string): string {
  const queue = appDb().select().from(queues).where(eq(queues.id, queueId)).get()!;
  const decided = decidedItems(queueId);
  const { raters, shared, measures } = agreementOf(queueId);
  const all = appDb()
    .select({ source: items.source, gold: items.gold })
    .from(items)
    .where(eq(items.queueId, queueId))
    .all();
  const sources = [...new Set(all.map(({ source }) => source))];
  const ruled = decided.filter((one) => one.ruled).length;
  return `---
pretty_name: ${JSON.stringify(queue.name)}
task_categories: [text-generation]
tags: [preference, dpo, reward-model, rlhf]
size_categories: [${sizeOf(decided.length)}]
---

# ${queue.name}

${queue.about} ${decided.length} of ${all.length} pairs have a preferred answer; those are here. Made with Alignment workbench; the rows' SHA-256 (pairs as JSON lines) is \`${createHash("sha256").update(pairs).digest("hex")}\`.

## How it was judged

- ${raters.length} ${raters.length === 1 ? "annotator" : "annotators"}; ${queue.overlap === null ? "every pair lay before everybody" : `${queue.overlap} judgements a pair`}. The two answers stood left and right by chance, and who wrote them was not shown.
- ${queue.mode === "scale" ? "Strength from 1, barely better, to 4, much better." : "A side alone; strength is 1 throughout."}
- Pairs came ${queue.strategy === "file" ? "in the file's order" : `by the strategy "${queue.strategy}", 15 % at random`}.
- ${shared} pairs were judged by two or more people${measures ? `. Same side ${share(measures.percent)}; Krippendorff's α of the side ${share(measures.alphaSide)}, of the strength ${share(measures.alphaStrength)}; 95 % intervals` : ""}.
- ${ruled} ${ruled === 1 ? "pair was" : "pairs were"} decided by a reviewer.${all.some(({ gold }) => gold) ? " Gold pairs, which test annotators, are left out." : ""}

## Columns

| column | what |
| --- | --- |
| prompt | the conversation, role and content |
| chosen, rejected | the answers, the preferred one first |
| strength | mean of the raters' strengths towards the chosen answer |
| n_raters | people who compared the two |
| p_chosen | probability that the chosen answer is the better one, by the annotators' reliability (Dawid and Skene 1979) |
| rationales | what annotators wrote as their reason |

## Where the answers come from

${sources
  .slice(0, 20)
  .map((source) => `- ${source}`)
  .join("\n")}
${queue.guidelines ? `\n## Guidelines that annotators followed\n\n${queue.guidelines}\n` : ""}`;
}

const sizeOf = (rows: number) =>
  rows < 1000 ? "n<1K" : rows < 10_000 ? "1K<n<10K" : rows < 100_000 ? "10K<n<100K" : "100K<n<1M";
