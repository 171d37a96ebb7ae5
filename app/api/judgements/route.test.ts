import { cookies } from "next/headers";
import { beforeAll, expect, test, vi } from "vitest";
import { freshDatabase, seedQueue } from "@/lib/test-database";
import { POST } from "./route";

vi.mock("next/headers", () => {
  const kept = new Map<string, { value: string }>();
  const jar = {
    get: (name: string) => kept.get(name),
    set: (name: string, value: string) => kept.set(name, { value }),
  };
  return { cookies: async () => jar };
});

beforeAll(async () => {
  freshDatabase();
  seedQueue(1);
  (await cookies()).set("annotator", "1");
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
