import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { chatServer, type Heard } from "../../test/chat-server";
import { freshDatabase, rowsRead } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { pairQueue } from "../annotation/queues/pair-queue";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { endpointInput } from "../endpoints/endpoint-schema";
import { addEndpoint, changeEndpoint } from "../endpoints/endpoints";
import { openDesk } from "./judgements";

const files = { request: "judgements-1.request.json", answer: "judgements-1.answer.json" };
let folder = "";
beforeAll(() => {
  freshDatabase();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-desk-"));
});

function asked(run: string, queue: number | "new" = "new", endpoint: string | null = null) {
  const pairs = ["one", "two", "three", "four"].map((content) => ({
    prompt: [{ role: "user", content }],
    answers: [`The ${content} is dull.`, `A superb ${content}.`],
  }));
  writeFileSync(join(folder, files.request), JSON.stringify({ queue, endpoint, pairs }));
  const desk = openDesk(folder, run);
  desk.open(files);
  return desk;
}
const answer = () => JSON.parse(readFileSync(join(folder, files.answer), "utf8")) as object;

test("pairs that a trainer asks about go into its queue, and opinions come back as they are given: skipped pairs as ties", () => {
  const desk = asked("run-1");
  appDb().insert(annotators).values({ name: "someone", createdAt: 0 }).run();
  const name = pairQueue("new", "run-1", 0).name; // a resumed run finds its queue
  expect(answer()).toEqual({ queue: name, opinions: [null, null, null, null] });
  const tasks = takeTasks(1, 1, 10, 0);
  expect(tasks).toHaveLength(4);
  const opinions = ["tie", "tie", "second", "second"];
  const places = new Map(["one", "two", "three", "four"].map((word, i) => [word, i]));
  const seen: (string | null)[] = [null, null, null, null];
  for (const { id, prompt, answers } of tasks) {
    const i = places.get(prompt[0]!.content!)!;
    const side = answers[0]!.text.includes("superb") ? "left" : "right";
    const choice =
      i === 0 ? { kind: "tie" as const } : i === 1 ? { kind: "skip" as const } : ({ kind: side, strength: 3 } as const);
    judge(1, { key: `${id}`, itemId: id, choice, activeMs: 1 }, 0);
    desk.look();
    seen[i] = opinions[i]!;
    expect(answer()).toEqual({ queue: name, opinions: seen });
  }
});

test("P5: while nothing changes, people's opinions are not asked for again", () => {
  const desk = asked("run-2");
  desk.look();
  const { rows } = rowsRead(() => {
    for (let i = 0; i < 100; i++) desk.look();
  });
  expect(rows).toBe(0);
});

test("a queue that is not there is told as the reason why nobody will judge", () => {
  asked("run-3", 99);
  expect(answer()).toEqual({ problem: expect.stringContaining("no dataset 99") });
});

const isSuperbFirst = ({ body }: Heard) => /\[response A\]\nA superb/.test(body.messages[1]!.content);
const servers: Awaited<ReturnType<typeof chatServer>>[] = [];
afterAll(() => {
  for (const { server } of servers) server.close();
});
async function endpointThat(name: string, says: (heard: Heard) => string) {
  const served = await chatServer(says);
  servers.push(served);
  const prices = { outputPrice: 10, requestsPerMinute: 100_000 };
  return addEndpoint(endpointInput.parse({ name, baseUrl: served.url, model: "m", ...prices }), 0);
}
const votes = (better: "A" | "B") => JSON.stringify({ reason: "so", better, strength: 2 });

test("an endpoint judges a trainer's pairs in its queue: what it cannot judge is a tie, and a person's word stands over it", async () => {
  await endpointThat("referee", (heard) => {
    const prompt = heard.body.messages[1]!.content;
    if (prompt.includes("three")) return "no idea";
    return votes(isSuperbFirst(heard) ? "A" : "B");
  });
  const desk = asked("run-4", "new", "referee");
  const [task] = takeTasks(1, pairQueue("new", "run-4", 0).id, 1, 0);
  const side = task!.answers[0]!.text.includes("dull") ? "left" : "right";
  judge(1, { key: "a person", itemId: task!.id, choice: { kind: side, strength: 1 }, activeMs: 1 }, 0);
  const name = pairQueue("new", "run-4", 0).name;
  await vi.waitFor(() => {
    desk.look();
    expect(answer()).toEqual({ queue: name, opinions: ["first", "second", "tie", "second"] });
  }, 20_000);
  const resumed = asked("run-4", "new", "referee"); // a resumed run asks again: the votes are there
  await vi.waitFor(() => {
    resumed.look();
    expect(answer()).toEqual({ queue: name, opinions: ["first", "second", "tie", "second"] });
  }, 20_000);
});

test("an endpoint that is not there, or has reached its cap, is told as the reason why nobody will judge", async () => {
  asked("run-5", "new", "nobody");
  expect(answer()).toEqual({ problem: expect.stringContaining("There is no endpoint nobody") });
  changeEndpoint(await endpointThat("spent", () => votes("A")), { spendingCap: 0 });
  const desk = asked("run-6", "new", "spent");
  await vi.waitFor(() => {
    desk.look();
    expect(answer()).toEqual({ problem: expect.stringContaining("its cap is $0.00") });
  }, 20_000);
  desk.look();
  expect(answer()).toHaveProperty("problem");
});
