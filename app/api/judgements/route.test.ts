import { cookies } from "next/headers";
import { beforeAll, expect, test } from "vitest";
import { takeTasks } from "@/lib/annotation/judging/next-tasks";
import { changeQueue } from "@/lib/annotation/queues/list-queues";
import { signed } from "@/lib/people/cookie";
import { freshDatabase, seedQueue } from "@/test/database";
import { POST } from "./route";

beforeAll(async () => {
  freshDatabase();
  takeTasks(1, seedQueue(1), 1, 0);
  (await cookies()).set("annotator", signed(1));
});

const vote = async (change: object) => {
  const body = JSON.stringify({
    key: crypto.randomUUID(),
    itemId: 1,
    choice: { kind: "left", strength: 2 },
    activeMs: 5,
    ...change,
  });
  const headers = { host: "localhost:3000", "content-type": "application/json" };
  const answer = await POST(new Request("http://localhost:3000/api/judgements", { method: "POST", body, headers }), {});
  return { status: answer.status, ...((await answer.json()) as { error?: string; refused?: string; saved?: boolean }) };
};

test("V1: the answer to a vote that is refused says so; an odd request is no refusal of the vote in it", async () => {
  expect(await vote({})).toEqual({ status: 200, saved: true });
  expect(await vote({})).toMatchObject({ status: 409, refused: "vote" }); // judged already
  expect(await vote({ itemId: 99 })).toMatchObject({ status: 404, refused: "vote" });
  expect(await vote({ itemId: 1, revises: true, choice: { kind: "ranking", tiers: [[0], [7]] } })).toMatchObject({
    status: 422,
    refused: "vote",
  });
  const odd = await vote({ polluted: "yes" }); // what a broken server made of every vote
  expect(odd.status).toBe(400);
  expect(odd).not.toHaveProperty("refused");
});

test("V1: a vote that waited in a browser is taken only from the person who gave it, and is not refused for ever", async () => {
  const theirs = await vote({ annotatorId: 2, revises: true });
  expect(theirs.status).toBe(401);
  expect(theirs).not.toHaveProperty("refused");
  expect(await vote({ annotatorId: 1, revises: true })).toEqual({ status: 200, saved: true });
});

test("F13: the answer to a vote on a pair that was never served says that it is kept as an extra", async () => {
  seedQueue(1, 0, "other");
  expect(await vote({ itemId: 2 })).toEqual({ status: 200, saved: true, extra: true });
});

test("the answer to a vote that was made offline under older guidelines names the newest ones", async () => {
  for (const guidelines of ["one", "two"]) changeQueue(1, 1, { guidelines }, Date.now());
  expect(await vote({ revises: true, guidelines: 1 })).toEqual({ status: 200, saved: true, newerGuidelines: 2 });
  expect(await vote({ revises: true, guidelines: 2 })).toEqual({ status: 200, saved: true });
  expect(await vote({ revises: true, guidelines: 3 })).toMatchObject({ status: 409, refused: "vote" });
});
