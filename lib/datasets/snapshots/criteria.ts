// What annotators leave beside their votes, as columns: their words, reasons chosen from a list, and ratings by criterion.
import { sql } from "drizzle-orm";
import { judgedItems } from "../../annotation/judging/standing-votes";
import { appDb } from "../../db/client";
import type { Judgement } from "../../db/tables/judgements";
import type { RankedRow } from "./export-formats";

/** What has a column in a dataset's exports: every row has it, so that tables and `datasets` see one set of columns. */
export interface Beside {
  criteria: string[];
  hasTags: boolean;
}

const votesHere = (queueId: number) => sql`FROM judgements v JOIN items ON items.id = v.item_id
  LEFT JOIN judgements u ON u.undoes = v.seq
  WHERE items.queue_id = ${queueId} AND v.kind = 'vote' AND u.seq IS NULL AND NOT v.mirror AND NOT v.extra AND items.gold IS NULL`;

export function besideOf(queueId: number): Beside {
  const criteria = appDb().all<{ name: string }>(sql`
    SELECT DISTINCT rated.key AS name FROM (SELECT v.aspects ${votesHere(queueId)} AND v.aspects IS NOT NULL) AS votes,
      json_each(votes.aspects) AS rated ORDER BY name`);
  const tagged = appDb().get(sql`SELECT 1 ${votesHere(queueId)} AND v.tags IS NOT NULL LIMIT 1`);
  return { criteria: criteria.map(({ name }) => name), hasTags: tagged !== undefined };
}

export function besideVotes(
  votes: Pick<Judgement, "rationale" | "tags">[],
  { hasTags }: Beside,
): { rationales?: string[]; reason_tags?: string[] } {
  const rationales = votes.flatMap(({ rationale }) => (rationale === null ? [] : [rationale]));
  const tags = [...new Set(votes.flatMap(({ tags }) => tags ?? []))];
  return { ...(rationales.length > 0 && { rationales }), ...(hasTags && { reason_tags: tags }) };
}

/** Mean ratings of answers, 0 for the first and 1 for the second, as `NAME_CRITERION`; null where nobody rated it. */
export const ratingsOf = <Name extends string>(
  votes: Pick<Judgement, "aspects">[],
  { criteria }: Beside,
  answers: Record<Name, number | null>,
): Record<`${Name}_${string}`, number | null> => {
  const columns = {} as Record<`${Name}_${string}`, number | null>;
  for (const criterion of criteria)
    for (const name of Object.keys(answers) as Name[]) {
      const which = answers[name];
      columns[`${name}_${criterion}`] = which === null ? null : meanRating(votes, criterion, which);
    }
  return columns;
};

function meanRating(votes: Pick<Judgement, "aspects">[], criterion: string, which: number): number | null {
  const given = votes.flatMap(({ aspects }) => aspects?.[criterion]?.[which] ?? []);
  return given.length === 0 ? null : given.reduce((sum, one) => sum + one, 0) / given.length;
}

/**
 * Pairs whose answers are rated differently on a criterion, the higher one chosen, whatever was voted. `strength` is how far their mean ratings
 * are apart, and `n_raters` counts who rated both.
 */
export function* eachByCriterion(queueId: number, criterion: string): Generator<RankedRow> {
  const beside = besideOf(queueId);
  for (const { item, votes } of judgedItems(queueId)) {
    const [first, second] = [meanRating(votes, criterion, 0), meanRating(votes, criterion, 1)];
    if (first === null || second === null || first === second) continue;
    const [chosen, rejected] = first > second ? [0, 1] : [1, 0];
    const raters = votes.filter(({ aspects }) => aspects?.[criterion]?.every((rating) => rating !== null));
    yield {
      prompt: item.prompt,
      chosen: [{ role: "assistant", content: chosen === 0 ? item.first : item.second }],
      rejected: [{ role: "assistant", content: rejected === 0 ? item.first : item.second }],
      strength: Math.abs(first - second),
      n_raters: raters.length,
      p_chosen: 1,
      ...besideVotes(votes, beside),
      ...ratingsOf(votes, beside, { chosen, rejected }),
    };
  }
}

/** By criterion how many pairs it decides, before anybody trains on them. */
export const decidedBy = (queueId: number): { name: string; pairs: number }[] =>
  appDb().all<{ name: string; pairs: number }>(sql`
    SELECT name, sum(first <> second) AS pairs FROM (
      SELECT rated.key AS name, avg(json_extract(rated.value, '$[0]')) AS first, avg(json_extract(rated.value, '$[1]')) AS second
      FROM (SELECT v.item_id, v.aspects ${votesHere(queueId)} AND v.aspects IS NOT NULL) AS votes, json_each(votes.aspects) AS rated
      GROUP BY votes.item_id, rated.key)
    GROUP BY name ORDER BY name`);
