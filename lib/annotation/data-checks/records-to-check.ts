// The records of a dataset that is annotated, as the data checks read rows: with the label that their votes come to, where they come to one.
import { and, asc, eq } from "drizzle-orm";
import type { RowsToCheck } from "../../data-checks/check-dataset";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { isIncluded } from "../judging/overlap";
import { decidedItems } from "../judging/standing-votes";
import { recordTextsOf } from "./record-texts";
import { newestNumber } from "./record-versions";

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
  return { kind: "queue", id: queueId, version: newestNumber(queueId), total: ids.length, rows, calls: "record" };
}

async function* rowsOf(ids: number[], balances: Map<number, number>): AsyncGenerator<{ id: number; value: unknown }> {
  for (const id of ids) {
    const { prompt, answers } = recordTextsOf(id).texts;
    yield { id, value: { prompt, ...labelled(answers, balances.get(id) ?? 0) } };
  }
}

function labelled([first = "", second, ...more]: string[], balance: number): object {
  const answers = second === undefined ? [first] : [first, second, ...more];
  if (balance === 0 || more.length > 0) return { answers };
  if (second === undefined) return { completion: first, label: balance > 0 };
  if (first === second) return { answers };
  return balance > 0 ? { chosen: first, rejected: second } : { chosen: second, rejected: first };
}
