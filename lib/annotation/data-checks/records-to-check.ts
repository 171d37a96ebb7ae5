// The records of a dataset that is annotated, as the data checks read rows: with the label that their votes come to, where they come to one.
import { and, asc, eq } from "drizzle-orm";
import type { RowsToCheck } from "../../data-checks/check-dataset";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { isIncluded } from "../judging/overlap";
import { decidedItems } from "../judging/standing-votes";
import { recordsAt } from "./record-texts";
import { changedSince, newestNumber } from "./record-versions";
import { wordsOn } from "./vote-words";

/** Those that are not excluded. */
export function recordsToCheck(queueId: number): RowsToCheck {
  const balances = new Map([...decidedItems(queueId)].map(({ item, balance }) => [item.id, balance]));
  const ids = appDb()
    .select({ id: items.id })
    .from(items)
    .where(and(eq(items.queueId, queueId), eq(items.place, 0), isIncluded))
    .orderBy(asc(items.position))
    .all()
    .map(({ id }) => id);
  const rows = rowsOf(ids, balances);
  const version = newestNumber(queueId);
  const about = { kind: "queue", id: queueId, version, total: ids.length, calls: "record" } as const;
  return { ...about, rows, beside: wordsBeside, changedSince: () => changedSince(queueId, version) };
}

const wordsBeside = (id: number): string[] =>
  wordsOn([id]).flatMap(({ rationale, rewrite }) => [rationale ?? "", rewrite ?? ""]);

/** Records whose texts are in memory together. */
const atOnce = 200;

async function* rowsOf(ids: number[], balances: Map<number, number>): AsyncGenerator<{ id: number; value: unknown }> {
  for (let from = 0; from < ids.length; from += atOnce)
    for (const { id, texts } of recordsAt(ids.slice(from, from + atOnce)))
      yield { id, value: { prompt: texts.prompt, ...labelled(texts.answers, balances.get(id) ?? 0) } };
}

function labelled([first = "", second, ...more]: string[], balance: number): object {
  const answers = second === undefined ? [first] : [first, second, ...more];
  if (balance === 0 || more.length > 0) return { answers };
  if (second === undefined) return { completion: first, label: balance > 0 };
  if (first === second) return { answers };
  return balance > 0 ? { chosen: first, rejected: second } : { chosen: second, rejected: first };
}
