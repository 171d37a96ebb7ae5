// What the server answers is what docs/openapi.json says, to the last field; the pages read it by the same schemas.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { dataFolder } from "../common/env";
import type { ScreenDto } from "../lib/annotation/queues/queue-schema";
import { corpusConfig } from "../lib/corpus/corpus-schema";
import type { IndexState, LabelledReport } from "../lib/datasets/labelled/labelled-schema";
import { appDb, metricsDb } from "../lib/db/client";
import { answers } from "../lib/db/metrics-schema";
import { items } from "../lib/db/tables/items";
import { queues } from "../lib/db/tables/queues";
import { claimRun } from "../lib/runner/claim";
import { followRun } from "../lib/runs/follow-run";
import { point } from "../lib/runs/run-schema";
import { file } from "../tools/openapi";
import { appendPoint, beginAttempt, record } from "./attempts";
import { seedQueue, seedRun } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

type Responses = Record<string, { content: Record<string, { schema?: object }> }>;
const document = JSON.parse(readFileSync(file, "utf8")) as {
  paths: Record<string, Record<string, { responses: Responses }>>;
};
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(document, "openapi");
const part = (text: string) => encodeURIComponent(text.replaceAll("/", "~1"));

interface Sent {
  /** Of the address. */
  params?: Record<string, string>;
  query?: string;
  json?: object;
  bytes?: string;
}

/** Sends it to the route, whose answer has to be as the document says. */
async function answered<T extends object>(
  cookie: string,
  method: string,
  path: string,
  { params = {}, query, json, bytes }: Sent = {},
) {
  const headers = { cookie, ...(json && { "content-type": "application/json" }) };
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name]!);
  const handler = (await handlersOf(path.replaceAll(/\{(\w+)\}/g, "[$1]")))[method]!;
  const request = asked(method, `${address}?${query ?? ""}`, headers);
  const body = bytes ?? (json ? JSON.stringify(json) : null);
  const response = await handler(new Request(request, { body }), { params: Promise.resolve(params) });
  const text = await response.text();
  expect([path, response.status, response.ok ? "" : text]).toEqual([path, response.status, ""]);
  const pointer = ["paths", path, method.toLowerCase(), "responses", String(response.status), "content"];
  const schema = [...pointer, "application/json", "schema"].map(part).join("/");
  const value: unknown = JSON.parse(text);
  expect([path, ajv.validate({ $ref: `openapi#/${schema}` }, value), ajv.errors]).toEqual([path, true, null]);
  return value as T;
}

let owner: string;
let queue: number;
let record1: string;
let labelled: string;

/** Two people of a team, who disagree on the first record; runs with everything that a trainer may report; rows with labels. */
beforeAll(async () => {
  freshTeam();
  owner = await joined("olga", "owner");
  const other = await joined("anna", "annotator");
  queue = seedQueue(3, 0, "questions");
  const gold = { verdict: "first", because: "it is right" } as const;
  appDb().update(queues).set({ training: 1, guidelines: "Be kind." }).where(eq(queues.id, queue)).run();
  const rows = appDb().select().from(items).where(eq(items.queueId, queue)).all();
  record1 = String(rows[0]!.id);
  appDb().update(items).set({ gold }).where(eq(items.id, rows[0]!.id)).run();
  for (const { id } of rows.slice(0, 2))
    for (const [cookie, wanted] of [
      [owner, "first"],
      [other, "second"],
    ] as const) {
      const params = { id: String(queue) };
      const { tasks } = await answered<ScreenDto>(cookie, "GET", "/api/queues/{id}/tasks", { params });
      const task = tasks.find((one) => one.id === id)!;
      const kind = task.answers[0]!.text.startsWith(wanted) ? "left" : "right"; // sides are shuffled
      const json = { key: crypto.randomUUID(), itemId: id, choice: { kind, strength: 2 }, activeMs: 1 };
      await answered(cookie, "POST", "/api/judgements", { json });
    }
  const comment = { record: Number(record1), text: "@olga: which one?" };
  await answered(other, "POST", "/api/queues/{id}/comments", { params: { id: String(queue) }, json: comment });
  seedRun("run");
  reported({ runId: "run", attempt: claimRun("runner", () => 1000)!.attempt });
  seedRun("rival");
  const pairs = ["2+2?", "3+3?"].map((prompt) => JSON.stringify({ prompt, chosen: "right", rejected: "wrong" }));
  const { id } = await answered<LabelledReport>(owner, "POST", "/api/labelled", {
    query: "name=sums",
    bytes: pairs.join("\n"),
  });
  labelled = String(id);
  while (!(await answered<IndexState>(owner, "GET", "/api/labelled/{id}/index", { params: { id: labelled } })).ready)
    await wait(20);
});

function reported(attempt: { runId: string; attempt: number }): void {
  const now = { step: 2 };
  beginAttempt(attempt, 0);
  appendPoint(attempt, { step: 1, loss: 0.5, "on_policy/kl": 0.1, "on_policy/kl_se": 0.02 }, 1000);
  appendPoint(attempt, { step: 2, loss: Number.NaN }, 2000); // JSON makes null of it
  record(attempt, { event: "alert", rule: "drift", measured: "KL of 9", ...now }, 2000);
  record(attempt, { event: "check", name: "finite", detail: "none" }, 2000);
  record(attempt, { event: "distribution", name: "scores", low: 0, high: 1, counts: [1, 2], ...now }, 2000);
  for (const runId of ["run", "rival"])
    metricsDb()
      .insert(answers)
      .values({ ...{ runId, step: 2, slot: 0, attempt: 1, prompt: "?", tokens: 1, kl: 0 }, answer: `of ${runId}` })
      .run();
}

/** Where an address needs more than the first of what there is. */
const examples: Record<string, () => Sent> = {
  "/api/compare": () => ({ query: "runs=run,rival" }),
  "/api/compare/blind": () => ({ query: "runs=run,rival" }),
  "/api/compare/evaluations": () => ({ query: "runs=run,rival" }),
  "/api/compare/lines": () => ({ query: "metric=loss&axis=tokens&groups=run.rival,run" }),
  "/api/corpora/{id}": () => ({ params: { id: corpus() } }),
  "/api/datasets/{id}/records": () => ({ query: "status=disputed&status=labelled&status=gold&sort=votes&reveal=true" }),
  "/api/datasets/{id}/records/{record}/comments": () => ({ params: { id: String(queue), record: record1 } }),
  "/api/datasets/{id}/records/{record}": () => ({
    params: { id: String(queue), record: record1 },
    query: "reveal=true",
  }),
  "/api/datasets/uploads/{upload}": () => ({ params: { upload: crypto.randomUUID() } }),
  "/api/labelled/{id}/rows/{row}": () => ({ params: { id: labelled, row: "1" } }),
  "/api/models/facts": () => ({ query: "source=tiny" }),
  "/api/places/{section}/{id}": () => ({ params: { section: "runs", id: "run" } }),
  "/api/places/records/{id}": () => ({ params: { id: record1 } }),
  "/api/queues/{id}/comments": () => ({ params: { id: String(queue) }, query: `record=${record1}` }),
  "/api/queues/{id}/lesson": () => ({ params: { id: String(queue) }, query: `item=${record1}` }),
  "/api/runs/deletion": () => ({ query: "ids=run" }),
};
/** One that was begun and interrupted. */
function corpus(): string {
  const id = crypto.randomUUID();
  const about = { id, name: "manuals", folder: "manuals", config: corpusConfig.parse({}), by: "olga", at: 1000 };
  mkdirSync(join(dataFolder(), "corpora", id), { recursive: true });
  writeFileSync(join(dataFolder(), "corpora", id, "about.json"), JSON.stringify(about));
  return id;
}

const firstOf = (path: string): string =>
  path.startsWith("/api/runs/") ? "run" : path.startsWith("/api/labelled/") ? labelled : String(queue);

const gets = Object.entries(document.paths)
  .filter(([, { get }]) => get?.responses[200]?.content["application/json"]?.schema)
  .map(([path]) => path);

test.each(gets)("D3: GET %s answers as the document has it", async (path) => {
  await answered(owner, "GET", path, { params: { id: firstOf(path) }, ...examples[path]?.() });
});

test("D3: what is changed is answered so too", async () => {
  const id = String(queue);
  const blind = await answered(owner, "POST", "/api/compare/blind", { json: { runs: ["run", "rival"] } });
  expect(blind).toMatchObject({ added: 1 });
  await answered(owner, "GET", "/api/compare/blind", { query: "runs=run,rival" });
  const disputed = await answered(owner, "GET", "/api/queues/{id}/disputes", { params: { id } });
  expect(disputed).toHaveLength(1);
  await answered(owner, "PATCH", "/api/queues/{id}", { params: { id }, json: { guidelines: "Be kinder." } });
  const versions = await answered(owner, "GET", "/api/queues/{id}/guidelines", { params: { id } });
  expect(versions).toHaveLength(1);
  await answered(owner, "POST", "/api/tokens", { json: { name: "script", scopes: ["read"] } });
  await answered(owner, "POST", "/api/team", { json: { role: "viewer" } });
  await answered(owner, "GET", "/api/team");
  await answered(owner, "PATCH", "/api/runs/{id}", { params: { id: "rival" }, json: { tags: ["baseline"] } });
  await answered(owner, "POST", "/api/endpoints", {
    json: { name: "e", baseUrl: "http://localhost:1/v1", model: "m" },
  });
  const machine = { name: "cluster", settings: { kind: "ray", address: "http://localhost:8265/" } };
  await answered(owner, "POST", "/api/settings/machines", { json: machine });
  await answered(owner, "POST", "/api/judgements/undo", { json: { key: crypto.randomUUID(), queueId: queue } });
});

test("D3: new points are sent to a page as its schema has them; a field too many is noticed", async () => {
  const news = followRun("run", 0)().flatMap((news) => (news.event === "points" ? news.data : []));
  const sent: unknown = JSON.parse(JSON.stringify(news));
  expect(z.array(point).min(2).parse(sent)).toEqual(sent);
  const health = {
    $ref: `openapi#/paths/${part("/api/health")}/get/responses/200/content/${part("application/json")}/schema`,
  };
  const now = await answered(owner, "GET", "/api/health");
  expect(ajv.validate(health, now)).toBe(true);
  expect(ajv.validate(health, { ...now, secret: 1 })).toBe(false);
});
