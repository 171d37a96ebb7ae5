// Records of a dataset scored by a program over HTTP, from the request to the stored scores.
import { asc, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Role } from "../../spec/roles";
import { freshDatabase, seedQueue } from "../../test/database";
import { type RewardServer, rewardServer as startServer } from "../../test/reward-server";
import { asAsked } from "../access/asked";
import { pairsToScore, putScores, withdrawScores } from "../annotation/items/item-scores";
import { appDb } from "../db/client";
import { itemScores, items } from "../db/tables/items";
import { fillState } from "./at-work";
import { startScoring } from "./scoring";
import { type ScoringInput, scoringInput } from "./scoring-schema";

let server: RewardServer;
beforeAll(async () => {
  freshDatabase();
  server = await startServer();
});
afterAll(() => server.end());
afterEach(() => void vi.unstubAllEnvs());

const over = (kind: string, keyVariable?: string): ScoringInput =>
  scoringInput.parse({ server: { address: `${server.origin}/${kind}`, model: "tiny", keyVariable } });

async function scored(queue: { id: number; name: string }, input: ScoringInput): Promise<string | null> {
  startScoring(queue, input);
  await vi.waitFor(() => expect(fillState()!.running).toBe(false), { timeout: 60_000, interval: 50 });
  return fillState()!.error;
}

const scoresOf = (queueId: number) =>
  appDb()
    .select({ id: items.id, first: itemScores.first, second: itemScores.second, scorer: itemScores.scorer })
    .from(items)
    .innerJoin(itemScores, eq(itemScores.itemId, items.id))
    .where(eq(items.queueId, queueId))
    .orderBy(asc(items.id))
    .all();

const seeded = (pairs: number, name: string) => ({ id: seedQueue(pairs, 0, name), name });

test("what was scored before a server failed is kept, and only the rest is asked about again", async () => {
  const queue = seeded(40, "forty");
  const ids = pairsToScore(queue.id, "anybody", false).map(({ id }) => id);
  const error = await scored(queue, over("at-third"));
  expect(error).toContain(
    `records ${ids.slice(32).join(", ")}: the reward server at ${server.origin}/at-third refused`,
  );
  expect(scoresOf(queue.id).map(({ id }) => id)).toEqual(ids.slice(0, 32));

  expect(await scored(queue, over("at-third"))).toBe(null);
  expect(fillState()!.said).toBe("8 of 8 pairs");
  const end = "<|im_end|>\n".length; // tiny's own template
  expect(scoresOf(queue.id)).toEqual(
    ids.map((id, i) => ({
      id,
      first: `first ${i}`.length + end,
      second: `second ${i}`.length + end,
      scorer: `${server.origin}/at-third`,
    })),
  );
  const seen = (await (await fetch(`${server.origin}/count`)).json()) as Record<string, number>;
  expect(seen["at-third"]).toBe(4); // 16, 16 and 8 records, which failed, and these again

  expect(await scored(queue, over("at-third"))).toBe(null);
  expect(fillState()!.said).toContain("nothing left to score");
});

test("a record without a reward is named where the job says how far it is", async () => {
  const queue = seeded(2, "gaps");
  const [known, unknown] = pairsToScore(queue.id, "", false).map(({ id }) => id);
  appDb().update(items).set({ second: "unknown" }).where(eq(items.id, unknown!)).run();
  expect(await scored(queue, over("gaps"))).toBe(null);
  expect(fillState()!.said).toBe(
    `1 of 2 pairs; without a score: record ${unknown} (${server.origin}/gaps has no reward for it)`,
  );
  expect(scoresOf(queue.id).map(({ id }) => id)).toEqual([known]);
});

test("the key is taken from the environment, by its variable's name", async () => {
  const queue = seeded(1, "keyed");
  expect(() => startScoring(queue, over("keyed", "A_REWARD_KEY"))).toThrow(
    "server.keyVariable: the key is taken from A_REWARD_KEY, which is not set",
  );
  vi.stubEnv("A_REWARD_KEY", "let me in");
  expect(await scored(queue, over("keyed", "A_REWARD_KEY"))).toBe(null);
  expect(scoresOf(queue.id)).toHaveLength(1);
});

test("scores of texts that have changed since, and of another scorer, are asked for again; with `again` all are", () => {
  const queue = seeded(3, "changed");
  const left = (scorer: string, again = false) => pairsToScore(queue.id, scorer, again).map(({ id }) => id);
  const ids = left("a");
  putScores(
    ids.map((id) => ({ id, first: 1, second: 0 })),
    "a",
    1,
  );
  expect(left("a")).toEqual([]);
  expect(left("b")).toEqual(ids);
  expect(left("a", true)).toEqual(ids);
  withdrawScores([ids[1]!], 2);
  expect(left("a")).toEqual([ids[1]]);
});

test("in a team only who may launch runs has this server ask another, and only an owner names its key", () => {
  const queue = seeded(1, "team");
  vi.stubEnv("A_REWARD_KEY", "let me in");
  const as = (role: Role, input: ScoringInput) => {
    const user = { id: "1", name: "x", role, scopes: null, sessionId: null, annotatorId: null, language: null };
    return asAsked({ user, permission: "write" }, () => startScoring(queue, input));
  };
  expect(() => as("annotator", over("length"))).toThrow("server.address: only owners and researchers may name");
  expect(() => as("researcher", over("length", "A_REWARD_KEY"))).toThrow("server.keyVariable: only an owner may say");
});

test.each<[object, string]>([
  [{}, "name a run or a server"],
  [{ run: "a", server: { address: "http://a/b", model: "tiny" } }, "name a run or a server"],
  [
    { server: { address: "localhost:5000", model: "tiny" } },
    "Enter an http:// or https:// address without a password.",
  ],
  [{ server: { address: "http://me:word@a/b", model: "tiny" } }, "Enter an http:// or https://"],
  [{ server: { address: "http://a/b?key=secret", model: "tiny" } }, "a key is taken from a variable"],
  [{ server: { address: "http://a/b", model: "" } }, "Name the model whose chat template"],
  [{ server: { address: "http://a/b", model: "tiny", keyVariable: "sk-123" } }, "Enter the variable's name"],
])("%j is refused: %s", (input, message) => {
  expect(
    scoringInput
      .safeParse(input)
      .error!.issues.map((issue) => issue.message)
      .join(),
  ).toContain(message);
});
