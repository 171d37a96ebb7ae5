// Iterative DPO whose pairs an endpoint judges: the trainer's program, its desk and a server, as on the command line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { agreementOf } from "../lib/annotation/agreement/queue-agreement";
import { appDb } from "../lib/db/client";
import { queues } from "../lib/db/tables/queues";
import { endpointInput } from "../lib/endpoints/endpoint-schema";
import { addEndpoint, listEndpoints } from "../lib/endpoints/endpoints";
import { chatServer } from "./chat-server";
import { freshDatabase } from "./database";
import { fewReviews } from "./few-reviews";
import { file, scratch } from "./program";

test("a run waits for its endpoint, trains on what it prefers, and its votes are a judge's in the run's own dataset", async () => {
  const data = freshDatabase();
  const { url, server, heard } = await chatServer(({ body: { messages } }) => {
    const [a, b] = ["A", "B"].map(
      (name) => new RegExp(`\\[response ${name}\\]\\n([\\s\\S]*?)\\n\\[end`).exec(messages[1]!.content)![1]!.length,
    );
    return JSON.stringify({
      reason: "It is longer.",
      better: a! > b! ? "A" : a! < b! ? "B" : "tie",
      strength: a === b ? 0 : 1,
    });
  });
  const prices = { inputPrice: 1, outputPrice: 1, requestsPerMinute: 100_000 };
  addEndpoint(endpointInput.parse({ name: "Referee", baseUrl: url, model: "m", ...prices }), 0);
  const output = join(scratch(), "out");
  const run = file("run.json", {
    ...{ method: "iterative-dpo", model: { source: "tiny" }, output, seed: 1 },
    data: { train: fewReviews() },
    ...{ maxSteps: 2, batchSize: 4 },
    iterativeDpo: {
      ...{ rounds: 1, promptsPerRound: 24, numGenerations: 2, maxCompletionLength: 96 },
      judge: { endpoint: "referee" },
    },
  });
  const child = spawn(process.execPath, ["scripts/program.mjs", "lib/cli.ts", "with-database", run, "train", run], {
    env: { ...process.env, WORKBENCH_DATA: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [printed, said, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  server.close();
  expect(status, said).toBe(0);
  expect(printed).toMatch(/"loss"/);
  const queue = appDb()
    .select()
    .from(queues)
    .all()
    .find(({ run }) => run === "out")!;
  const [judge] = agreementOf(queue.id).judges;
  expect(judge).toMatchObject({ name: "judge Referee", consistency: { value: 1 } });
  expect(heard.length).toBe(2 * judge!.judged);
  expect(listEndpoints()[0]!.requests).toBe(heard.length);
});
