// What is for named people alone is not named to others either: not by the runs, models, records and evaluations that have to do with it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../common/env";
import { asAsked, asServer, denyByDefault } from "../lib/access/asked";
import { userOf } from "../lib/access/current-user";
import { nameOfWriter } from "../lib/annotation/items/writer-names";
import { loadLabelled } from "../lib/datasets/labelled/labelled-sets";
import { appDb } from "../lib/db/client";
import { evaluations } from "../lib/db/tables/evaluations";
import { queues } from "../lib/db/tables/queues";
import { type Run, runs } from "../lib/db/tables/runs";
import { labelledSets, snapshots } from "../lib/db/tables/training-sets";
import { listModels } from "../lib/models/list-models";
import { failDependants } from "../lib/runs/dependants";
import type { TrainData } from "../spec/fields/data-sources";
import { routesAsked } from "../tools/access";
import { seedQueue, seedRun } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

/** In the name of all that is for named people alone, and of nothing else. */
const secret = "zebra";
const cookies = new Map<string, string>();
let [open, labelled] = [0, 0];

/** A run on these data, changed in what it has to do with others. */
function madeRun(id: string, name: string, train: TrainData, change: Partial<Run> = {}): void {
  seedRun(id, Date.now());
  const { config } = appDb().select().from(runs).where(eq(runs.id, id)).get()!;
  if (config.data.train !== null) config.data.train = train;
  appDb()
    .update(runs)
    .set({ name, config, ...change })
    .where(eq(runs.id, id))
    .run();
}

function startingFrom(id: string, run: string): void {
  const { config } = appDb().select().from(runs).where(eq(runs.id, id)).get()!;
  if (config.adapter && "init" in config.adapter) config.adapter.init = runFolder(run);
  appDb().update(runs).set({ config }).where(eq(runs.id, id)).run();
}

beforeAll(async () => {
  freshTeam();
  for (const [name, role] of [
    ["olga", "owner"],
    ["vera", "viewer"],
    ["rex", "researcher"],
    ["rita", "reviewer"],
  ] as const)
    cookies.set(name, await joined(name, role));
  const film = "data/samples/film-reviews.jsonl.gz";
  open = seedQueue(2, 0, "open to all");
  const closed = seedQueue(2, 0, `${secret} pairs`);
  ({ id: labelled } = await loadLabelled("open rows", film, 0));
  const { id: closedRows } = await loadLabelled(`${secret} rows`, film, 0);
  appDb().update(queues).set({ restricted: true }).where(eq(queues.id, closed)).run();
  appDb().update(labelledSets).set({ restricted: true }).where(eq(labelledSets.id, closedRows)).run();
  const frozen = appDb().insert(snapshots).values({ queueId: closed, sha256: "0", rows: 2, createdAt: 0 }).returning();
  const snapshot = `snapshot:${frozen.get().id}`;

  const rows = `labelled:${closedRows}`;
  madeRun("above", "open above", film, { sweep: "swept" });
  madeRun("hidden", `${secret} run`, rows, { status: "failed", parentRun: "above", sweep: "swept", finishedAt: 1 });
  madeRun("frozen", `${secret} frozen`, snapshot, { status: "finished", finishedAt: 1 });
  mkdirSync(runFolder("frozen"), { recursive: true });
  writeFileSync(join(runFolder("frozen"), "adapter_model.safetensors"), "");
  madeRun("below", "open below", film, { parentRun: "hidden", after: ["hidden"] });
  startingFrom("below", "hidden");
  appDb().transaction((tx) => failDependants(tx, Date.now())); // says why, by name
  madeRun("waiting", "open waiting", film, { after: ["hidden", "frozen"], parentRun: "frozen" });
  startingFrom("waiting", "frozen");
  const metric = { name: "acc", value: 1, error: null, higherIsBetter: true, rows: null };
  appDb()
    .insert(evaluations)
    .values({
      ...{
        runId: "above",
        step: 1,
        source: "tiny",
        dtype: "float32",
        asked: "Agreement",
        harness: "test",
        createdAt: 0,
      },
      settings: {
        ...{ folder: null, limit: null, fewShot: null, chatTemplate: true },
        preferences: { rows, category: "all", heldOut: 0 },
      },
      result: { name: `Agreement with ${secret} rows`, asked: "Agreement", version: null, n: 2, metrics: [metric] },
    })
    .run();
  denyByDefault();
});

/** The parts of addresses, each with all that everybody may see of its kind. */
function addresses(address: string): { path: string; params: Record<string, string> }[] {
  if (!address.includes("[")) return [{ path: address, params: {} }];
  const ids = /\/runs\/\[id\]/.test(address)
    ? ["above", "below", "waiting"]
    : /\/labelled\/\[id\]/.test(address)
      ? [String(labelled)]
      : [String(open)];
  return ids.map((id) => {
    const params: Record<string, string> = { id, record: "1", row: "1", view: "1", section: "runs" };
    return { path: address.replaceAll(/\[(\w+)\]/g, (_, name: string) => params[name] ?? "1"), params };
  });
}

const queries: Record<string, string> = {
  "/api/compare/evaluations": "?runs=above&runs=below&runs=waiting",
  "/api/compare/points": "?runs=above&runs=below&format=json",
};

/** What all that is read answers. A stream of events never ends: its page asks for the same beforehand. */
async function answersTo(who: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const gets = routesAsked().filter(({ method }) => method === "GET");
  for (const { address } of gets)
    for (const { path, params } of addresses(address)) {
      const request = asked("GET", `${path}${queries[address] ?? ""}`, { cookie: cookies.get(who)! });
      const answer = await (await handlersOf(address)).GET!(request, { params: Promise.resolve(params) });
      const isStream = answer.headers.get("content-type")?.includes("event-stream");
      if (isStream) await answer.body?.cancel();
      else answers.set(path, await answer.text());
    }
  return answers;
}

const naming = (answers: Map<string, string>): string[] =>
  [...answers].flatMap(([path, text]) => (text.toLowerCase().includes(secret) ? [path] : []));

test.each(["vera", "rex", "rita"])(
  "nothing that %s reads has the name of a dataset, or of a run on it, that is for others",
  async (who) => {
    expect(naming(await answersTo(who))).toEqual([]);
  },
);

test("its people are told the same names where these belong", async () => {
  const named = naming(await answersTo("olga"));
  expect(named).toEqual(
    expect.arrayContaining([
      "/api/runs/above", // what came of it, and which runs are of its sweep
      "/api/runs/below", // what it came from, and why it failed
      "/api/runs/waiting",
      "/api/runs/above/evaluations",
      "/api/runs/table",
      "/api/jobs",
    ]),
  );
});

test("a run that came from one which is for others says so without its name", async () => {
  const { error } = asServer(() => appDb().select().from(runs).where(eq(runs.id, "below")).get()!);
  expect(error).toContain(secret);
  const answers = await answersTo("vera");
  expect(JSON.parse(answers.get("/api/runs/below")!)).toMatchObject({
    error: expect.stringMatching(/^run hidden failed, and this run depends/),
    lineage: { parent: null, uses: [] },
    changes: [],
  });
});

test("on pages, models and writers of responses have the names of runs that are there for whoever looks", async () => {
  const seen = async (who: string) => {
    const user = await userOf(asked("GET", "/models", { cookie: cookies.get(who)! }).headers);
    return asAsked({ user, permission: "read" }, async () => [
      JSON.stringify(await listModels()).includes(secret),
      nameOfWriter()(runFolder("hidden")),
      nameOfWriter()(runFolder("above")),
      nameOfWriter()("llama-3"),
    ]);
  };
  expect(await seen("vera")).toEqual([false, "run hidden", "open above", "llama-3"]);
  expect(await seen("olga")).toEqual([true, `${secret} run`, "open above", "llama-3"]);
});
