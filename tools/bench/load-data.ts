// The queue that `npm run load` works on: very many pairs, half as many votes, by as many people as will work on it.

import { addItems } from "../../lib/annotation/items/items";
import { tallyOf } from "../../lib/annotation/judging/tally";
import { appDb } from "../../lib/db/client";
import { annotators } from "../../lib/db/tables/annotators";
import { assignments, judgements } from "../../lib/db/tables/judgements";
import { queues } from "../../lib/db/tables/queues";
import { migrateDatabases } from "../../lib/setup/migrate";

const sentence = "It says what is asked, **why** it is so, and where `that` ends; then it gives an example and stops. ";
const answer = (i: number, side: string) => `Answer ${side} to question ${i}.\n\n${sentence.repeat(3)}\n\n- one\n- two`;

/** Of the votes one in five is a second opinion, and of those every other one disagrees. */
const alone = 0.8;

/** Everybody has judged as many pairs as anybody, in turn. Returns the queue. */
export function seedQueue(pairs: number, votes: number, people: string[]): number {
  migrateDatabases();
  const queue = appDb()
    .insert(queues)
    .values({ name: "load", about: "Which is better?", createdAt: 0 })
    .returning()
    .get();
  for (let from = 0; from < pairs; from += 2000)
    addItems(
      queue.id,
      Array.from({ length: Math.min(2000, pairs - from) }, (_, i) => ({
        prompt: [{ role: "user" as const, content: `Question ${from + i}: ${sentence}` }],
        answers: [answer(from + i, "A"), answer(from + i, "B")],
        source: "load",
      })),
    );
  const ids = tallyOf(queue.id).tasks.map(({ id }) => id);
  appDb().transaction(() => {
    const known = people.map((name) => appDb().insert(annotators).values({ name, createdAt: 0 }).returning().get().id);
    for (let i = 0; i < votes; i++) {
      const at = i % (alone * votes);
      const isSecond = i !== at;
      const [annotatorId, itemId] = [known[(at + Number(isSecond)) % known.length]!, ids[at]!];
      const verdict = (isSecond ? at % 4 < 2 : at % 2 === 0) ? "first" : "second";
      const row = {
        annotatorId,
        itemId,
        kind: "vote",
        verdict,
        strength: 2,
        shownLeft: "first",
        activeMs: 1000,
      } as const;
      appDb().insert(assignments).values({ itemId, annotatorId, slot: annotatorId, expiresAt: 0 }).run();
      appDb()
        .insert(judgements)
        .values({ ...row, key: `load/${i}`, createdAt: 0 })
        .run();
    }
  });
  return queue.id;
}
