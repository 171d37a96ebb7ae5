// An annotator with a script: whatever they ask for, in whatever order they vote and undo, nothing of a record that they have not voted on yet says
// what is right, who wrote its answers, what a reward model thinks of them, or what others said, in comments that name them either.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { writeComment } from "../lib/annotation/comments/write-comments";
import { judge } from "../lib/annotation/judging/judge";
import { appDb } from "../lib/db/client";
import { annotators } from "../lib/db/tables/annotators";
import { itemScores, items } from "../lib/db/tables/items";
import { queues } from "../lib/db/tables/queues";
import { may } from "../spec/roles";
import { routesAsked } from "../tools/access";
import { seedQueue } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

const records = 8;
let queue: number;
let ids: number[];
let cookie: string;

/** What must not be read of a record before a vote: words and numbers that stand nowhere else. */
const secretsOf = (id: number): string[] => [
  ...["because", "written-by", "first-model", "second-model", "said-of", "comment-on"].map(
    (word) => `${word}-${id}-secret`,
  ),
  ...[scoreOf(id, 1), scoreOf(id, 2)].map(String),
];
const scoreOf = (id: number, side: number): number => 7000 + id + side / 8 + 1 / 1024;

/** A dataset whose every record is one of gold, with scores, writers and another's vote; and somebody new who annotates it. */
async function seed(): Promise<void> {
  const before = appDb().select().from(annotators).all().length;
  queue = seedQueue(records, 0, `dataset ${before}`);
  const rater = appDb()
    .insert(annotators)
    .values({ name: `rater ${before}`, createdAt: 0 })
    .returning()
    .get().id;
  appDb().update(queues).set({ training: 3 }).where(eq(queues.id, queue)).run();
  const rows = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queue)).all();
  ids = rows.map(({ id }) => id);
  for (const id of ids) {
    const gold = { verdict: id % 2 ? "first" : "second", because: `because-${id}-secret` } as const;
    const writers: [string, string] = [`first-model-${id}-secret`, `second-model-${id}-secret`];
    appDb()
      .update(items)
      .set({ gold, writers, source: `written-by-${id}-secret` })
      .where(eq(items.id, id))
      .run();
    const scores = { first: scoreOf(id, 1), second: scoreOf(id, 2), scorer: `written-by-${id}-secret`, createdAt: id };
    appDb()
      .insert(itemScores)
      .values({ itemId: id, ...scores })
      .run();
    const vote = { key: `rater/${id}`, itemId: id, choice: { kind: "left", strength: 3 }, activeMs: 1 } as const;
    judge(rater, { ...vote, rationale: `said-of-${id}-secret` }, id);
  }
  cookie = await joined(`anna_${before}`, "annotator");
  for (const record of ids)
    writeComment(queue, rater, { record, text: `@anna_${before} comment-on-${record}-secret` }, record);
}

beforeAll(() => void freshTeam());
beforeEach(seed);

const gets = routesAsked().filter(({ method, permission }) => method === "GET" && may("annotator", permission));

/** Everything that an annotator can read, of each record and of the dataset. */
async function readAll(): Promise<string> {
  const answers = await Promise.all(
    gets.flatMap(({ address }) =>
      [`?item=0`, ...ids.map((id) => `?item=${id}&record=${id}`)].map(async (query) => {
        const { GET } = await handlersOf(address);
        const path = address.replace(/\[\w+\]/g, String(queue));
        const params = Promise.resolve({ id: String(queue) });
        return (await GET!(asked("GET", `${path}${query}`, { cookie }), { params })).text();
      }),
    ),
  );
  return answers.join("\n");
}

const post = async (path: string, value: object): Promise<string> => {
  const { POST } = await handlersOf(path);
  const headers = { cookie, "content-type": "application/json" };
  return (await POST!(new Request(asked("POST", path, headers), { body: JSON.stringify(value) }), undefined)).text();
};

const step = fc.record({ record: fc.nat(records - 1), undo: fc.boolean(), mirror: fc.boolean() });

test("before one's own vote on a record nothing tells its gold, its writers, its scores or others' votes", async () => {
  expect(gets.map(({ address }) => address)).toEqual(
    expect.arrayContaining([
      ...["/api/queues/[id]/tasks", "/api/queues/[id]/history", "/api/queues/[id]/lesson"],
      ...["/api/queues/[id]/comments", "/api/mentions"],
    ]),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      await seed();
      const voted = new Set<number>();
      for (const { record, undo, mirror } of steps) {
        const key = crypto.randomUUID();
        const itemId = ids[record]!;
        const vote = { key, itemId, choice: { kind: "right", strength: 1 }, mirror, activeMs: 5 };
        const said = undo
          ? await post("/api/judgements/undo", { key, queueId: queue })
          : await post("/api/judgements", vote);
        if (said.includes('"saved":true')) voted.add(itemId);
        const seen = `${said}\n${await readAll()}`;
        for (const id of ids.filter((one) => !voted.has(one)))
          for (const secret of secretsOf(id))
            expect(seen, `record ${id}, after ${voted.size} votes`).not.toContain(secret);
      }
    }),
    { numRuns: 15 },
  );
});

test("after it the history has its writers and scores, the qualification round what is right, and the comments what others wrote: the test above sees where they would stand", async () => {
  const itemId = ids[2]!;
  await post("/api/judgements", {
    key: crypto.randomUUID(),
    itemId,
    choice: { kind: "right", strength: 1 },
    activeMs: 5,
  });
  const seen = await readAll();
  for (const word of ["because", "first-model", "second-model", "comment-on"])
    expect(seen).toContain(`${word}-${itemId}-secret`);
  expect(seen).toContain(String(scoreOf(itemId, 1)));
  expect(seen).not.toContain(`said-of-${itemId}-secret`); // what others said stays theirs
});
