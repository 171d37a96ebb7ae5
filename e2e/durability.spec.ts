// The whole product under kill -9 and Ctrl-C: acknowledged labels survive, a second start is refused, a run in hand goes on.
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type APIRequestContext, expect } from "@playwright/test";
import { killAll, serving, start } from "../test/server";
import { test } from "./pages/test";

const port = Number(process.env.E2E_PORT ?? 3417) + 5;
const url = `http://127.0.0.1:${port}`;

const run = async (request: APIRequestContext, id: string) =>
  (await (await request.get(`${url}/api/runs/${id}`)).json()) as { status: string; step: number };

test("labels survive kill -9, a second start touches nothing, Ctrl-C saves the run and the next start finishes it", {
  tag: "@long",
}, async ({ request, page }) => {
  test.setTimeout(300_000);
  const data = mkdtempSync(join(tmpdir(), "workbench-kill-"));
  const first = start(data, port);
  await serving(first, url);
  expect(first.output()).toContain("Ready in"); // what Next itself says is seen
  await request.post(`${url}/api/me`, { data: { name: "Survivor" } });
  const { tasks } = (await (await request.get(`${url}/api/queues/1/tasks`)).json()) as { tasks: { id: number }[] };
  for (const { id } of tasks)
    expect(
      (
        await request.post(`${url}/api/judgements`, {
          data: { key: randomUUID(), itemId: id, choice: { kind: "left", strength: 3 }, activeMs: 5 },
        })
      ).ok(),
    ).toBe(true);
  await killAll(first);
  await first.ended;

  const second = start(data, port);
  await serving(second, url);
  const [queue] = (await (await request.get(`${url}/api/queues`)).json()) as { progress: { judged: number } }[];
  expect(queue!.progress.judged).toBe(tasks.length);

  const third = start(data, port);
  expect(await third.ended).toBe(1);
  expect(third.output()).toContain(`running already at ${url}`);

  const config = { method: "dpo", model: { source: "tiny" }, data: { maxLength: 64 }, batchSize: 4, maxSteps: 80 };
  const launched = await request.post(`${url}/api/runs`, {
    data: { name: "Interrupted", data: { kind: "sample", id: "film-reviews" }, config },
  });
  const { id } = (await launched.json()) as { id: string };
  await expect.poll(async () => (await run(request, id)).step, { timeout: 60_000 }).toBeGreaterThan(3);
  await page.goto(`${url}/runs/${id}`);
  await expect(page.getByRole("figure", { name: /^Loss/ })).toBeVisible();
  second.child.kill("SIGINT"); // an open page does not hold up the end
  expect(await second.ended).toBe(0);

  const fourth = start(data, port);
  await serving(fourth, url);
  await page.context().setOffline(true); // and a while later the machine sleeps too
  await expect.poll(async () => (await run(request, id)).step, { timeout: 60_000 }).toBeGreaterThan(30);
  await page.context().setOffline(false);
  await expect.poll(async () => (await run(request, id)).status, { timeout: 120_000 }).toBe("finished");
  // The page that was open all the time has each step once.
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 30_000 });
  const loss = page.getByRole("figure", { name: /^Loss/ });
  await loss.getByText("Table", { exact: true }).click();
  const shown = async () => (await loss.locator("tbody tr td:first-child").allTextContents()).map(Number);
  await expect.poll(shown).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
  const points = (await (await request.get(`${url}/api/runs/${id}/points`)).json()) as { step: number }[];
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
  fourth.child.kill("SIGINT");
  expect(await fourth.ended).toBe(0);
});
