// How much an export holds, before anybody takes it.
import { sql } from "drizzle-orm";
import { asksSingle, asksSteps } from "../../annotation/items/asks-single";
import { tallyOf } from "../../annotation/judging/tally";
import { isDecided } from "../../annotation/judging/tally-fold";
import { appDb } from "../../db/client";
import type { ExportFilter, ExportName, ExportPreview } from "./export-filter";
import { rewritten } from "./rewrite-pairs";
import { exporters } from "./snapshot";

/** Rows of each form without a filter; of those that are no rows, what they describe. */
export function exportCounts(queueId: number): Record<ExportName, number> {
  const { decided, equal, rewrites, tasks, gold, pairs: all } = tallyOf(queueId);
  const single = asksSingle(queueId);
  const positions = new Set<number>();
  const written = rewritten(queueId);
  for (const pair of all.values()) {
    const { queue, gold, excluded, position } = pair;
    if (queue.tasks !== tasks || gold || excluded) continue;
    if (isDecided(pair)) positions.add(position);
  }
  const pairs = single ? 0 : decided + written.pairs;
  for (const position of written.positions) positions.add(position);
  const kto = (single ? decided : 2 * (decided + equal)) + written.texts;
  const rows = single ? kto : pairs; // of tables
  return {
    ...{ pairs, "llama-factory": pairs, "llama-factory-info": pairs, csv: rows, parquet: rows },
    card: single ? decided : pairs,
    kto,
    stepwise: asksSteps(queueId) ? decided : 0,
    rankings: single ? 0 : positions.size,
    rewrites,
    events: eventsIn(queueId),
    items: tasks.length + gold.length,
  };
}

const eventsIn = (queueId: number): number =>
  appDb().get<{ events: number }>(sql`SELECT
      (SELECT count(*) FROM queue_changes WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM guideline_agreements WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM judgements JOIN items ON items.id = judgements.item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM comments JOIN items ON items.id = comments.item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM exclusions JOIN items ON items.id = exclusions.item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM earlier_texts JOIN items ON items.id = earlier_texts.item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM earlier_words JOIN judgements ON judgements.seq = vote JOIN items ON items.id = item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM rulings JOIN items ON items.id = rulings.item_id WHERE queue_id = ${queueId})
      + (SELECT count(*) FROM returns JOIN items ON items.id = returns.item_id WHERE queue_id = ${queueId}) AS events`)!
    .events;

const shown = 3;

/** How many rows a form has, and the first of them; tables are shown as the pairs or answers that they hold. */
export function previewOf(name: ExportName, queueId: number, filter: ExportFilter): ExportPreview {
  const rowsOf = asksSingle(queueId) ? "kto" : "pairs";
  const lines = String(exporters[name === "csv" || name === "parquet" ? rowsOf : name](queueId, filter)).split("\n");
  if (name === "card" || name === "llama-factory-info") return { rows: 1, first: lines };
  const rows = lines.filter((line) => line !== "");
  return { rows: rows.length, first: rows.slice(0, shown) };
}
