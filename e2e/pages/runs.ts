// Runs made through the HTTP API, for journeys that are about something else.
import { type APIRequestContext, expect, type Page } from "@playwright/test";

export interface ListedRun {
  id: string;
  name: string;
  status: string;
}

/** DPO on the film reviews in a few steps, with sample completions. */
const quick = {
  method: "dpo",
  model: { source: "tiny" },
  data: { heldOut: 0.1, maxLength: 64 },
  batchSize: 2,
  maxSteps: 3,
  sampleEvery: 3,
  samplePrompts: 4,
  sampleLength: 24,
};

export const listRuns = async (request: APIRequestContext) =>
  (await (await request.get("/api/runs")).json()) as ListedRun[];

export const runStatus = async (request: APIRequestContext, id: string) =>
  ((await (await request.get(`/api/runs/${id}`)).json()) as ListedRun).status;

/** Queues a run on the film reviews. */
export async function launchRun(
  request: APIRequestContext,
  name: string,
  config: object = {},
  more: object = {},
): Promise<string> {
  const data = { name, data: { kind: "sample", id: "film-reviews" }, config: { ...quick, ...config }, ...more };
  const launched = await request.post("/api/runs", { data });
  expect(launched.status(), await launched.text()).toBe(201);
  return ((await launched.json()) as { id: string }).id;
}

/** A finished run of this name and config; made once where several tests need it. */
export async function finishedRun(request: APIRequestContext, name: string, config: object = {}): Promise<string> {
  const known = (await listRuns(request)).find((run) => run.name === name);
  const id = known?.id ?? (await launchRun(request, name, config));
  await expect.poll(() => runStatus(request, id), { timeout: 150_000 }).toBe("finished");
  return id;
}

/** A part of a run's page. */
export const openTab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link", { name, exact: true }).click();
