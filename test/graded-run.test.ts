// GRPO whose completions an endpoint grades: the trainer's program, its desk and a server, as on the command line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpointInput } from "../lib/endpoints/endpoint-schema";
import { addEndpoint, listEndpoints } from "../lib/endpoints/endpoints";
import { type ChatServer, chatServer } from "./chat-server";
import { freshDatabase } from "./database";
import { fewReviews } from "./few-reviews";
import { file, scratch } from "./program";

const data = freshDatabase();
let server: ChatServer;

/** Two points for each sentence: what GRPO soon finds out. */
const pointsOf = (response: string) => Math.min(10, 2 * response.split(".").length - 2);
beforeAll(async () => {
  server = await chatServer(({ body: { messages } }) => {
    const [, response] = /\[response\]\n([\s\S]*?)\n\[end of response/.exec(messages[1]!.content)!;
    return JSON.stringify({ reason: "Its sentences.", points: pointsOf(response!) });
  });
});
afterAll(() => void server.server.close());

async function train(name: string, endpoint: object) {
  const address = { baseUrl: server.url, model: "m", requestsPerMinute: 100_000 };
  addEndpoint(endpointInput.parse({ name, ...address, ...endpoint }), 0);
  const output = join(scratch(), name);
  const run = file(`${name}.json`, {
    ...{ method: "grpo", model: { source: "tiny" }, output, seed: 1, maxSteps: 12 },
    data: { train: fewReviews() },
    optimizer: { learningRate: 1e-3 },
    grpo: {
      prompts: 4,
      numGenerations: 8,
      maxCompletionLength: 64,
      reward: { grader: { endpoint: name.toLowerCase() } },
    },
  });
  const child = spawn(process.execPath, ["scripts/workbench.mjs", "train", run], {
    env: { ...process.env, WORKBENCH_DATA: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [printed, said, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { output, printed, said, status: status as number };
}

test("the points are the run's reward, and it learns what they are given for", { tags: "long" }, async () => {
  const { printed, said, status, output } = await train("Marker", { inputPrice: 1, outputPrice: 1 });
  expect(status, said).toBe(0);
  const rows = printed
    .split("\n")
    .filter((line) => line.includes('"score/grader"'))
    .map((line) => JSON.parse(line) as Record<string, number>);
  expect(rows).toHaveLength(12);
  for (const row of rows) expect(row["objective/scores"]).toBeCloseTo(row["score/grader"]!, 6);
  const { completions } = JSON.parse(readFileSync(join(output, "grading.request.json"), "utf8")) as {
    completions: { answer: string }[];
  };
  const last = completions.map(({ answer }) => pointsOf(answer) / 10);
  expect(rows.at(-1)!["score/grader"]).toBeCloseTo(last.reduce((sum, one) => sum + one, 0) / last.length, 6);
  expect(rows.at(-1)!["score/grader"]).toBeGreaterThan(rows[0]!["score/grader"]!);
  expect(listEndpoints()[0]!.requests).toBe(server.heard.length);
});

test("at the endpoint's cap on spending the run ends, and says so", { tags: "long" }, async () => {
  const { said, status } = await train("Dear", { inputPrice: 10_000, outputPrice: 10_000, spendingCap: 2 });
  expect(status).not.toBe(0);
  expect(said).toMatch(/Endpoint Dear has spent .* and its cap is/);
});
