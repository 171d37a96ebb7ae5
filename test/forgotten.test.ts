// A route that forgot to ask for a permission, where the workbench serves a team: refused, whatever it would have read.
import { beforeAll, expect, test } from "vitest";
import { asServer, denyByDefault } from "../lib/access/asked";
import { listQueues } from "../lib/annotation/queues/list-queues";
import { metricsDb } from "../lib/db/client";
import { points } from "../lib/db/metrics-schema";
import { handle } from "../lib/http/handle";
import { requireRun } from "../lib/runs/require-run";
import { routesAsked } from "../tools/access";
import { seedQueue, seedRun } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

let cookie: string;

beforeAll(async () => {
  freshTeam();
  seedQueue(2, 0, "secret");
  seedRun("run");
  metricsDb()
    .insert(points)
    .values({ runId: "run", step: 1, attempt: 1, at: 0, values: { loss: 0.5 } })
    .run();
  cookie = await joined("anna", "researcher");
  denyByDefault();
});

const forgotten = {
  datasets: () => Response.json(listQueues(0)),
  "a run": () => Response.json(requireRun("run")),
  "what runs logged": () => Response.json(metricsDb().select().from(points).all()),
};

test.each(Object.entries(forgotten))("of %s nothing is read by a route that did not ask", async (_, work) => {
  await expect((async () => work())()).rejects.toThrow("before it has asked for a permission");
  const request = () => asked("GET", "/api/forgotten", { cookie });
  expect((await handle("read", { answer: ["application/json"] }, work)(request(), {})).status).toBe(200);
  expect((await handle("administer", { answer: ["application/json"] }, work)(request(), {})).status).toBe(403);
  expect((await asServer(work)).status).toBe(200);
  await expect((async () => work())()).rejects.toThrow("before it has asked for a permission"); // what others asked opens nothing
});

test("what is sent after its route has answered is read for whoever asked", async () => {
  const { GET } = await handlersOf("/api/compare/points");
  for (const [format, said] of [
    ["csv", "run,run,1,loss,0.5"],
    ["json", `"points":[{"step":1`],
    ["tensorboard", "events.out.tfevents"],
  ] as const) {
    const answer = await GET!(asked("GET", `/api/compare/points?runs=run&format=${format}`, { cookie }), {});
    let text = "";
    for await (const chunk of answer.body as unknown as AsyncIterable<string | Uint8Array>)
      text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    expect(text).toContain(said);
  }
});

test("every route has asked before it reads", async () => {
  const params = Promise.resolve({
    id: "1",
    record: "1",
    row: "1",
    view: "1",
    upload: "1",
    section: "datasets",
    user: "1",
  });
  const owner = await asServer(() => joined("olga", "owner"));
  const answers = await Promise.all(
    routesAsked().map(async ({ method, address }) => {
      const route = (await handlersOf(address))[method]!;
      return [
        `${method} ${address}`,
        (await route(asked(method, address.replace(/\[\w+\]/g, "1"), { cookie: owner }), { params })).status,
      ] as const;
    }),
  );
  expect(answers.filter(([, status]) => status === 500)).toEqual([]);
  expect(answers.length).toBeGreaterThan(100);
});
