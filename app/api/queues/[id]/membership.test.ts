// Requests that name a queue and pairs: both have to be there, and the pairs in that queue.
import { cookies } from "next/headers";
import { beforeAll, expect, test } from "vitest";
import { judge } from "@/lib/annotation/judging/judge";
import { appDb } from "@/lib/db/client";
import { exclusions, items } from "@/lib/db/tables/items";
import { earlierTexts } from "@/lib/db/tables/record-changes";
import { returns, rulings } from "@/lib/db/tables/rulings";
import { signed } from "@/lib/people/cookie";
import { freshDatabase, seedQueue } from "@/test/database";
import * as changes from "./changes/route";
import * as checks from "./checks/route";
import * as disputes from "./disputes/route";
import * as exporting from "./export/route";
import * as history from "./history/route";
import * as returning from "./returns/route";
import * as queue from "./route";
import * as scores from "./scores/route";
import * as tasks from "./tasks/route";

let [own, other]: number[] = [];
beforeAll(async () => {
  freshDatabase();
  [own, other] = [seedQueue(1, 2, "own"), seedQueue(1, 0, "other")];
  (await cookies()).set("annotator", signed(1));
  const itemId = pairOf(other!);
  judge(1, { key: crypto.randomUUID(), itemId, choice: { kind: "left", strength: 1 }, activeMs: 1 }, 0);
});

const pairOf = (queueId: number) =>
  appDb()
    .select()
    .from(items)
    .all()
    .find((item) => item.queueId === queueId)!.id;

type Handler = (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response>;
async function call(handler: Handler, id: string, body?: object) {
  const headers = { host: "localhost:3000", "content-type": "application/json" };
  const init = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
  const answer = await handler(new Request("http://localhost:3000/api/queues", init), {
    params: Promise.resolve({ id }),
  });
  return { status: answer.status, error: ((await answer.json().catch(() => ({}))) as { error?: string }).error };
}

test("B10: pairs of another queue are neither left out, sent back nor ruled on, and the answer names them", async () => {
  const itemId = pairOf(other!);
  for (const [handler, body] of [
    [changes.POST, { action: "exclude", of: { rows: [pairOf(own!), itemId] }, reason: "x" }],
    [changes.POST, { action: "edit", row: itemId, texts: [{ at: ["answers", 0], text: "x" }], reason: "x" }],
    [returning.POST, { itemId, note: "look again" }],
    [disputes.POST, { itemId, ruling: "left" }],
  ] as const)
    expect(await call(handler as Handler, String(own), body)).toEqual({
      status: 404,
      error: `Dataset ${own} has no record ${itemId}.`,
    });
  for (const table of [exclusions, earlierTexts, returns, rulings])
    expect(appDb().select().from(table).all()).toEqual([]);
  const excluding = { action: "exclude", of: { rows: [itemId] }, reason: "x" };
  expect((await call(changes.POST as Handler, String(other), excluding)).status).toBe(200);
});

test.each(["999", "abc", "1e0", "0x1", "-1", "1.5", "", "1\0"])(
  "B10, F16: a queue named %j, which is none, is a 404 with a sentence for every request",
  async (id) => {
    const itemId = pairOf(own!);
    const missing = { status: 404, error: `There is no dataset ${id}.` };
    expect(await call(disputes.GET as Handler, id)).toEqual(missing);
    expect(await call(disputes.POST as Handler, id, { itemId, ruling: "left" })).toEqual(missing);
    expect(await call(checks.GET as Handler, id)).toEqual(missing);
    expect(await call(checks.POST as Handler, id, { against: [] })).toEqual(missing);
    expect(await call(exporting.GET as Handler, id)).toEqual(missing);
    expect(await call(history.GET as Handler, id)).toEqual(missing);
    expect(await call(tasks.GET as Handler, id)).toEqual(missing);
    expect(await call(changes.POST as Handler, id, { action: "undo", version: 2 })).toEqual(missing);
    expect(await call(returning.POST as Handler, id, { itemId, note: "x" })).toEqual(missing);
    expect(await call(scores.POST as Handler, id, { run: "x" })).toEqual(missing);
    expect(await call(queue.PATCH as Handler, id, { overlap: 2 })).toEqual(missing);
  },
);
