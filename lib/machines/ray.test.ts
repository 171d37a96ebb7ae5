// Against what a real Ray's Jobs API answered (data/golden/schedulers/ray.json, made by `npm run clusters`).
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineSettings, type SettingsOf } from "../../spec/machines";
import { rayScheduler } from "./ray";
import type { JobState } from "./scheduler";
import { Unreachable } from "./unreachable";

interface Answered {
  method: string;
  path: string;
  body: string;
  status: number;
  answer: string;
}
const { answers } = JSON.parse(readFileSync("data/golden/schedulers/ray.json", "utf8")) as { answers: Answered[] };
const states = answers.filter(({ method, status }) => method === "GET" && status === 200);
const statusOf = ({ answer }: Answered) => JSON.parse(answer).status as string;

let now: Pick<Answered, "status" | "answer">;
let asked: Pick<Answered, "method" | "path" | "body">;
const server = createServer(async (request, response) => {
  asked = { method: request.method!, path: request.url!, body: await text(request) };
  response.writeHead(now.status).end(now.answer);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => void server.close());

const scheduler = (more: object = {}) => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return rayScheduler(machineSettings.parse({ kind: "ray", address, ...more }) as SettingsOf<"ray">);
};

const meaning: Record<string, JobState["state"]> = {
  ...{ PENDING: "waiting", RUNNING: "running" },
  ...{ STOPPED: "ended", SUCCEEDED: "ended", FAILED: "ended" },
};

test.each(states.map((one) => [statusOf(one), one] as const))("the state of a job: %s", async (status, one) => {
  now = one;
  const message = (JSON.parse(one.answer).message as string).split(/\n|, last available logs/)[0];
  expect(await scheduler().state("workbench-a-1")).toEqual({ state: meaning[status], words: `${status}: ${message}` });
  expect(asked).toEqual({ method: "GET", path: "/api/jobs/workbench-a-1", body: "" });
});

test("what was recorded holds a job that waits, runs, ends well and fails", () => {
  const seen = new Set(states.map(statusOf));
  for (const status of ["PENDING", "RUNNING", "SUCCEEDED", "FAILED"]) expect(seen).toContain(status);
});

test("a job that Ray does not know has ended", async () => {
  now = answers.find(({ status }) => status === 404)!;
  expect(await scheduler().state("x")).toEqual({ state: "ended", words: "Ray no longer knows the job" });
});

test("a script is handed in under a name of ours, so that it is there once, with what it takes", async () => {
  now = answers.find(({ method, path }) => method === "POST" && path === "/api/jobs/")!;
  const job = { name: "workbench-a-1", script: "/data/it's/attempt-1.sh", log: "" };
  const id = await scheduler({ cpus: 4, gpus: 1 }).submit(job);
  expect(id).toBe(JSON.parse(now.answer).submission_id);
  expect(JSON.parse(asked.body)).toEqual({
    ...{ entrypoint: "'/data/it'\\''s/attempt-1.sh'", submission_id: "workbench-a-1" },
    ...{ entrypoint_num_cpus: 4, entrypoint_num_gpus: 1 },
  });
});

test("a job is cancelled by its id", async () => {
  now = answers.find(({ path }) => path.endsWith("/stop"))!;
  await scheduler().cancel("workbench-a-1");
  expect(asked).toMatchObject({ method: "POST", path: "/api/jobs/workbench-a-1/stop" });
});

test("a server that fails is no end of a job", async () => {
  now = { status: 500, answer: "no head node" };
  await expect(scheduler().state("x")).rejects.toThrow("answered 500: no head node");
});

test.each([
  [503, true],
  [500, false],
  [400, false],
])("a job that is answered with %d may be taken later: %s", async (status, later) => {
  now = { status, answer: "" };
  const refused = await scheduler()
    .submit({ name: "a", script: "s", log: "" })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(refused instanceof Unreachable).toBe(later);
});
