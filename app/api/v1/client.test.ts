// OpenAI's API of the workbench itself, as OpenAI's own client (npm openai 6.49.0) finds it: a run, its checkpoint and its base, answered by one
// warm process.
import { readFileSync } from "node:fs";
import OpenAI, { APIError } from "openai";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "@/common/env";
import { appDb } from "@/lib/db/client";
import { runs } from "@/lib/db/tables/runs";
import { freshDatabase, seedRun } from "@/test/database";
import { writeStart } from "@/test/family-models";
import { POST as chat } from "./chat/completions/route";
import { POST as completions } from "./completions/route";
import { GET as models } from "./models/route";

const routes = { "/api/v1/models": models, "/api/v1/chat/completions": chat, "/api/v1/completions": completions };

/** The client over the routes' own functions. */
const client = new OpenAI({
  baseURL: "http://127.0.0.1:3000/api/v1",
  apiKey: "nobody asks for it on one's own machine",
  maxRetries: 0,
  fetch: async (url, init) => {
    const request = new Request(url as string, init as RequestInit);
    request.headers.set("host", "127.0.0.1:3000");
    return routes[new URL(request.url).pathname as keyof typeof routes](request, {} as never);
  },
});

beforeAll(() => {
  freshDatabase();
  seedRun("tuned");
  seedRun("nothing");
  appDb().update(runs).set({ status: "finished" }).run();
  writeStart(runFolder("tuned"), JSON.parse(readFileSync("data/tiny/config.json", "utf8")), false);
});

const asked = {
  messages: [{ role: "user" as const, content: "Write a film review." }],
  max_tokens: 12,
  temperature: 0,
};
const said = async (model: string) =>
  (await client.chat.completions.create({ ...asked, model })).choices[0]!.message.content;

test("lists bases and the runs that can answer", async () => {
  const names = (await client.models.list()).data.map(({ id }) => id);
  expect(names).toEqual(expect.arrayContaining(["base:tiny", "run:tuned"]));
  expect(names).not.toContain("run:nothing");
});

test("a base and a run of it answer, whole and as a stream, under the names that they were asked by", async () => {
  const [base, tuned] = [await said("base:tiny"), await said("run:tuned")];
  expect(base).not.toBe(tuned);
  let text = "";
  for await (const { choices, model } of await client.chat.completions.create({
    ...asked,
    model: "run:tuned",
    stream: true,
  })) {
    text += choices[0]?.delta.content ?? "";
    expect(model).toBe("run:tuned");
  }
  expect(text).toBe(tuned);
  const scored = await client.completions.create({
    model: "run:tuned",
    prompt: "The film was",
    max_tokens: 1,
    logprobs: 1,
    echo: true,
  });
  expect(scored.choices[0]!.logprobs!.token_logprobs).toHaveLength(4);
}, 120_000);

test.each([
  ["run:absent", 404, "There is no run absent."],
  ["run:nothing", 404, "This run has saved no adapter yet."],
  ["run:tuned@7", 404, "Run tuned has no checkpoint of step 7."],
  ["base:/etc", 404, "/etc"],
  ["gpt-4", 404, "There is no model gpt-4; name a run:ID, a checkpoint as run:ID@STEP, or a base:MODEL."],
])("%s is refused with %i and its name", async (model, status, words) => {
  const error = await said(model).then(
    () => null,
    (error: unknown) => error as APIError,
  );
  expect(error).toBeInstanceOf(APIError);
  expect([error!.status, error!.message]).toEqual([status, expect.stringContaining(words)]);
});

test("what the model's server refuses keeps its words", async () => {
  const long = client.chat.completions.create({ ...asked, model: "base:tiny", max_tokens: 5000 });
  await expect(long).rejects.toThrow("together they may have 512");
}, 60_000);
