// Who judges: an annotator for each endpoint and model, and the votes that it stores.
import { and, eq, like, or, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import type { Endpoint } from "../../db/tables/endpoints";
import { judgements } from "../../db/tables/judgements";
import { judges, judgeVotes } from "../../db/tables/judges";
import { undo } from "../judging/standing-votes";
import type { Judged } from "./judge-pair";
import { together } from "./verdict";

/** The annotator that votes for an endpoint, made with its first vote. */
export const judgeOf = (endpoint: Endpoint, now: number): number =>
  appDb().transaction(
    (tx) => {
      const own = and(eq(judges.endpointId, endpoint.id), eq(judges.model, endpoint.model));
      const known = tx.select().from(judges).where(own).get();
      if (known) return known.annotatorId;
      const row = { name: freeName(endpoint), kind: "judge" as const, createdAt: now };
      const { id } = tx.insert(annotators).values(row).returning().get();
      tx.insert(judges).values({ annotatorId: id, endpointId: endpoint.id, model: endpoint.model }).run();
      return id;
    },
    { behavior: "immediate" },
  );

/** "judge NAME"; with its model, or a number, where that is taken. */
function freeName({ name, model }: Endpoint): string {
  const taken = (wanted: string) =>
    appDb().select().from(annotators).where(sql`lower(${annotators.name}) = lower(${wanted})`).get() !== undefined;
  const plain = [`judge ${name}`, `judge ${name}, ${model}`].find((wanted) => !taken(wanted));
  if (plain !== undefined) return plain;
  let number = 2;
  while (taken(`judge ${name} ${number}`)) number++;
  return `judge ${name} ${number}`;
}

/** Keys are numbered by how often it voted on the record: a judge asked anew takes its earlier vote back. */
export function storeVote(judge: number, itemId: number, { opinions, cost }: Judged, now: number): void {
  if (opinions === null) return;
  const { verdict, strength, rationale, aspects } = together(opinions);
  const common = { annotatorId: judge, itemId, shownLeft: "first", activeMs: 0, createdAt: now } as const;
  appDb().transaction(
    (tx) => {
      const key = `judge/${judge}/${itemId}`;
      const own = or(eq(judgements.key, key), like(judgements.key, `${key}/%`));
      const earlier = tx
        .select({ vote: judgements })
        .from(judgements)
        .leftJoin(undo, eq(undo.undoes, judgements.seq))
        .where(and(eq(judgements.itemId, itemId), own, eq(judgements.kind, "vote"), sql`${undo.seq} IS NULL`))
        .get()?.vote;
      if (earlier)
        tx.insert(judgements)
          .values({ ...common, key: `${key}/undo/${earlier.seq}`, kind: "undo", undoes: earlier.seq })
          .run();
      const { seq } = tx
        .insert(judgements)
        .values({
          ...{ ...common, key: earlier ? `${key}/${earlier.seq}` : key, kind: "vote", verdict, rationale },
          strength: verdict === "tie" ? null : strength,
          aspects: Object.keys(aspects).length > 0 ? aspects : null,
        })
        .returning()
        .get();
      const [first, second] = opinions;
      tx.insert(judgeVotes).values({ vote: seq, firstShown: first.verdict, secondShown: second.verdict, cost }).run();
    },
    { behavior: "immediate" },
  );
}
