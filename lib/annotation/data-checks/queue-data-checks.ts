// The data checks of a dataset's pairs. The command line runs them, so that the server neither waits nor loads what tells languages (200 MB).
import { and, asc, eq } from "drizzle-orm";
import { wilson } from "../../../spec/statistics";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { isSingle } from "../items/single-answers";
import { isIncluded } from "../judging/overlap";
import { decidedItems } from "../judging/standing-votes";
import { checkPairs } from "./check-pairs";
import type { DataCheckReport } from "./data-checks-schema";

export function diagnose(queueId: number): DataCheckReport {
  const rows = appDb()
    .select()
    .from(items)
    .where(eq(items.queueId, queueId))
    .orderBy(asc(items.position), asc(items.place))
    .all();
  const decided = [...decidedItems(queueId)];
  const balances = new Map(decided.map(({ item, balance }) => [item.id, balance]));
  const included = new Set(
    appDb()
      .select({ id: items.id })
      .from(items)
      .where(and(eq(items.queueId, queueId), isIncluded))
      .all()
      .map(({ id }) => id),
  );
  const asked = rows
    .filter(({ ranking }) => ranking === null) // the pairs of a ranking repeat its answers by nature
    .map(({ id, prompt, first, second }) => {
      const text = prompt.map(({ content }) => content).join("\n\n");
      return { id, prompt: text, first, second, balance: balances.get(id) ?? 0 };
    });
  const byId = new Map(asked.map((row) => [row.id, row]));
  const longer = decided.filter(({ item }) => !isSingle(item) && item.first.length !== item.second.length);
  const wins = longer.filter(({ item, balance }) => balance > 0 === item.first.length > item.second.length).length;
  const [low, high] = wilson(wins / longer.length, longer.length);
  return {
    pairs: rows.length,
    excluded: rows.length - included.size,
    findings: checkPairs(asked).map((finding) => {
      const { prompt, first, second } = byId.get(finding.itemId)!;
      return {
        ...finding,
        prompt,
        answers: isSingle({ second }) ? [first] : [first, second],
        excluded: !included.has(finding.itemId),
      };
    }),
    longerWins: longer.length === 0 ? null : { share: wins / longer.length, low, high, pairs: longer.length },
  };
}
