import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type ChatServer, chatServer, type Heard, type Reply } from "../../../test/chat-server";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exportQueue } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import type { Endpoint } from "../../db/tables/endpoints";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { addEndpoint, changeEndpoint, endpointOf } from "../../endpoints/endpoints";
import { agreementOf } from "../agreement/queue-agreement";
import { judge as vote } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { shownLeft } from "../judging/sides";
import { decidedItems, votesOf } from "../judging/standing-votes";
import { tallyOf } from "../judging/tally";
import { recordDetailOf } from "../records/record-detail";
import { recordFilter } from "../records/records-schema";
import { judgeQueue } from "./judge-queue";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 3, "people");
});
const open: ChatServer[] = [];
afterEach(() => {
  for (const { server } of open.splice(0)) server.close();
});

let named = 0;
async function judgeThat(reply: (heard: Heard, number: number) => Reply) {
  const server = await chatServer(reply);
  open.push(server);
  const prices = { inputPrice: 1, outputPrice: 0, requestsPerMinute: 100_000, spendingCap: null }; // $0.0001 a request
  const input = { name: `j${++named}`, baseUrl: server.url, model: "m", keyVariable: null, ...prices };
  return { ...server, endpoint: endpointOf(addEndpoint(input, 0)) };
}
/** The number of the pair that was asked about, and which of its answers stands as A. */
function askedIn({ body: { messages } }: Heard): { pair: number; a: "first" | "second" } {
  const [, a, pair] = /\[response A\]\n(first|second) (\d+)\n/.exec(messages[1]!.content)!;
  return { pair: Number(pair), a: a as "first" | "second" };
}
const answer = (better: "A" | "B" | "tie", more: object = {}) =>
  JSON.stringify({ reason: `for ${better}`, better, strength: better === "tie" ? 0 : 2, ...more });
const rowsOf = (queueId: number) =>
  appDb()
    .select()
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(eq(items.queueId, queueId))
    .all()
    .map((row) => row.judgements);

test("each pair is judged in both orders by guidelines and criteria; who likes A says nothing, whoever errs is asked once more", async () => {
  const queue = seedQueue(4, 0, "orders");
  appDb()
    .update(queues)
    .set({ guidelines: "Short is good.", aspects: ["style"] })
    .where(eq(queues.id, queue))
    .run();
  const criteria = { style: { A: 4, B: 2 } };
  const { endpoint, heard } = await judgeThat((one) => {
    const { pair, a } = askedIn(one);
    if (pair === 0) return answer(a === "first" ? "A" : "B", { criteria }); // the first answer, wherever it stands
    if (pair === 1) return answer("A", { criteria }); // A, whichever it is
    if (pair === 2 && one.body.messages.length === 2) return "I like both.";
    if (pair === 2) return answer("tie", { criteria });
    return "I do not know.";
  });
  const report = await judgeQueue(queue, endpoint);
  expect(report).toMatchObject({ judged: 3, ties: 2, unread: 1 });
  expect(report.cost).toBeCloseTo((2 + 2 + 4 + 4) * 1e-4, 12);
  expect(heard.length).toBe(12);
  expect(heard[0]!.body.messages[0]!.content).toContain("Short is good.");
  expect(heard[0]!.body.messages[0]!.content).toContain("on each of these criteria: style");
  expect(heard.find(({ body }) => body.messages.length === 4)!.body.messages[3]!.content).toContain(
    "it is no JSON object",
  );
  const rows = rowsOf(queue).sort((a, b) => a.itemId - b.itemId);
  expect(rows.map(({ verdict, strength }) => [verdict, strength])).toEqual([
    ["first", 2],
    ["tie", null],
    ["tie", null],
  ]);
  expect(rows[0]!.rationale).toBe("First response as A: for A\nSecond response as A: for B");
  expect(rows[0]!.aspects).toEqual({ style: [3, 3] }); // 4 and 2 as A and B, in either order
  const { judges, raters } = agreementOf(queue);
  expect(raters).toEqual([]);
  expect(judges).toMatchObject([
    {
      ...{ name: `judge ${endpoint.name}`, judged: 3, ties: 2, agreement: null },
      ...{ consistency: { n: 3, value: 2 / 3 }, left: { n: 4, value: 3 / 4 } },
    },
  ]);
  expect(judges[0]!.cost).toBeCloseTo(8e-4, 12);
  const detail = recordDetailOf(queue, 1, rows[1]!.itemId, recordFilter.parse({}))!;
  expect(new Set(detail.votes[0]!.judge!.orders)).toEqual(new Set(["A is better", "B is better"]));
});

test("what it has judged is not asked again but on request, which takes the earlier vote back and costs nothing while nothing has changed", async () => {
  const queue = seedQueue(3, 0, "again");
  let mood: "first" | "second" = "first";
  const { endpoint, heard } = await judgeThat((one) => answer(askedIn(one).a === mood ? "A" : "B"));
  expect(await judgeQueue(queue, endpoint, { limit: 2 })).toMatchObject({ judged: 2 });
  expect(await judgeQueue(queue, endpoint)).toMatchObject({ judged: 1 });
  expect(heard.length).toBe(6);
  expect(await judgeQueue(queue, endpoint, { again: true })).toMatchObject({ judged: 3, cost: 0 });
  expect(heard.length).toBe(6);
  mood = "second";
  appDb()
    .update(queues)
    .set({ guidelines: "The other way round.", judgesCount: true })
    .where(eq(queues.id, queue))
    .run();
  expect(await judgeQueue(queue, endpoint, { again: true })).toMatchObject({ judged: 3 });
  expect([...decidedItems(queue)].map(({ balance }) => balance)).toEqual([-2, -2, -2]);
  expect(tallyOf(queue)).toMatchObject({ decided: 3, judged: 3, votes: 0 });
  expect(agreementOf(queue).judges[0]).toMatchObject({ judged: 3 });
  changeEndpoint(endpoint.id, { model: "m2" }); // another model is another judge
  expect(await judgeQueue(queue, endpointOf(endpoint.id))).toMatchObject({ judged: 3 });
  expect(agreementOf(queue).judges.map(({ name }) => name)).toEqual([
    `judge ${endpoint.name}`,
    `judge ${endpoint.name}, m2`,
  ]);
});

const says = (annotator: number, itemId: number, wanted: "first" | "second" | "tie") =>
  vote(
    annotator,
    {
      ...{ key: randomUUID(), itemId, activeMs: 1 },
      choice:
        wanted === "tie"
          ? { kind: "tie" }
          : { kind: shownLeft(annotator, itemId) === wanted ? "left" : "right", strength: 1 },
    },
    0,
  );

test("judges decide nothing unless the dataset says so, and then nothing that a person has an opinion on", async () => {
  const queue = seedQueue(4, 0, "counts");
  const ids = takeTasks(1, queue, 4, 0).map(({ id }) => id);
  const { endpoint } = await judgeThat((one) => answer(askedIn(one).a === "first" ? "A" : "B"));
  await judgeQueue(queue, endpoint);
  const labels = () =>
    exportQueue(queue)
      .split("\n")
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as {
            chosen: { content: string }[];
            labelled_by?: string;
            p_chosen: number;
            n_raters: number;
          },
      );
  expect([labels(), tallyOf(queue).decided, votesOf(queue)]).toEqual([[], 0, []]);
  expect(takeTasks(1, queue, 4, 0).length).toBe(4); // people still have all to annotate
  says(1, ids[0]!, "second");
  says(1, ids[1]!, "tie");
  expect(labels().map(({ chosen }) => chosen[0]!.content)).toEqual(["second 0"]);
  appDb().update(queues).set({ judgesCount: true }).where(eq(queues.id, queue)).run();
  expect(tallyOf(queue).decided).toBe(3);
  expect(labels().map(({ chosen, labelled_by, n_raters }) => [chosen[0]!.content, labelled_by, n_raters])).toEqual([
    ["second 0", undefined, 1],
    ["first 2", "judge", 0],
    ["first 3", "judge", 0],
  ]);
  const { reliability } = agreementOf(queue).judges[0]!;
  for (const { p_chosen } of labels().slice(1)) expect(p_chosen).toBeCloseTo(reliability!.value, 3);
  says(1, ids[2]!, "second"); // a person's word stands over the judge's, whenever it comes
  expect(tallyOf(queue).decided).toBe(3);
  expect(labels().map(({ chosen }) => chosen[0]!.content)).toEqual(["second 0", "second 2", "first 3"]);
  appDb().update(queues).set({ judgesCount: false }).where(eq(queues.id, queue)).run();
  expect(tallyOf(queue).decided).toBe(2);
  expect(labels().length).toBe(2);
});

test("at the cap it stops with what was spent, and what it has judged stays", async () => {
  const queue = seedQueue(40, 0, "cap");
  const { endpoint } = await judgeThat((one) => answer(askedIn(one).a === "first" ? "A" : "B"));
  const capped = (spendingCap: number): Endpoint => {
    changeEndpoint(endpoint.id, { spendingCap });
    return endpointOf(endpoint.id);
  };
  await expect(judgeQueue(queue, capped(2e-3))).rejects.toThrow(/has spent \$0\.00\d+, and its cap is \$0\.002/);
  const kept = rowsOf(queue).length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(40);
  expect(await judgeQueue(queue, capped(1))).toMatchObject({ judged: 40 - kept });
});

test("rankings are left out, and datasets of single answers refused", async () => {
  const rows = [
    { prompt: "p", answers: ["first 1", "second 1"] },
    { prompt: "q", answers: ["one", "two", "three"] },
  ];
  const asked = await judgeThat(() => answer("tie"));
  expect(await judgeQueue(await importRows("mixed", rows), asked.endpoint)).toMatchObject({ judged: 1 });
  expect(asked.heard.map((one) => askedIn(one).pair)).toEqual([1, 1]);
  const single = seedQueue(1, 0, "single");
  appDb().update(queues).set({ mode: "single" }).where(eq(queues.id, single)).run();
  const { endpoint } = await judgeThat(() => "never asked");
  await expect(judgeQueue(single, endpoint)).rejects.toThrow("holds single answers");
});
