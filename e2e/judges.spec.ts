// A model that judges records beside the people.
import { expect } from "@playwright/test";
import { chatServer } from "../test/chat-server";
import { enterAs, importDataset } from "./pages/annotate";
import { findings } from "./pages/axe";
import { fillForm, formField, openAdvanced, startRun } from "./pages/launch-form";
import { test } from "./pages/test";

test("a model judges a dataset: its figures stand apart from people's, its reasons on the record", async ({ page }) => {
  await enterAs(page, "Asks a judge");
  const rows = ["one", "two", "three"].map((word) => ({ prompt: word, answers: [`good ${word}`, `bad ${word}`] }));
  const id = await importDataset(page, "To be judged", rows);
  await page.goto(`/datasets/${id}/settings`);
  await expect(page.getByRole("link", { name: "Name an endpoint first" })).toBeVisible();
  const { url, server } = await chatServer(({ body: { messages } }) => {
    const better = /\[response A\]\ngood/.test(messages[1]!.content) ? "A" : "B";
    return JSON.stringify({ reason: "It is the good one.", better, strength: 3 });
  });
  const named = { name: "Scripted judge", baseUrl: url, model: "judge-1", inputPrice: 100, requestsPerMinute: 6000 };
  const added = await page.request.post("/api/endpoints", { data: named });
  const [endpoint] = ((await added.json()) as { id: number; name: string }[]).filter(({ name }) => name === named.name);
  await page.reload();
  await page.getByLabel("Endpoint").selectOption({ label: "Scripted judge (judge-1)" });
  await page.getByRole("button", { name: "Judge records" }).click();
  await expect(page.getByText("3 judged, 0 of them ties")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("link", { name: "Agreement and cost" }).click();
  const row = page.getByRole("row", { name: /judge Scripted judge/ });
  await expect(row).toContainText("100 % (44 to 100) of 3"); // the same in both orders
  await expect(row).toContainText("$0.06"); // six requests of 100 tokens
  expect(await findings(page)).toEqual([]);
  await page.goto(`/datasets/${id}/records`);
  await page.getByText("one", { exact: true }).first().click();
  await expect(page.getByText(/First response as A: It is the good one/)).toBeVisible();
  await expect(page.getByText(/judge Scripted judge .* model, not counted/)).toBeVisible();
  await page.request.delete(`/api/endpoints/${endpoint!.id}`);
  server.close();
});

test("an endpoint writes the responses of a new dataset", async ({ page }) => {
  await enterAs(page, "Has it written");
  const { url, server } = await chatServer(({ body }) => `Response ${body.seed} to ${body.messages.at(-1)!.content}`);
  const named = { name: "Scripted writer", baseUrl: url, model: "writer-1", requestsPerMinute: 6000 };
  const added = await page.request.post("/api/endpoints", { data: named });
  const [endpoint] = ((await added.json()) as { id: number; name: string }[]).filter(({ name }) => name === named.name);
  await page.goto("/datasets");
  await page.getByLabel("Model A").selectOption({ label: "Scripted writer (endpoint, writer-1)" });
  await page.getByLabel("Add to dataset").fill("Written by an endpoint");
  await page.getByLabel("Number of prompts").fill("3");
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(page.getByText("3 of 3 prompts, 3 new pairs")).toBeVisible();
  await expect(page.getByRole("link", { name: "Written by an endpoint" })).toBeVisible();
  await page.request.delete(`/api/endpoints/${endpoint!.id}`);
  server.close();
});

test("an endpoint grades the completions of a run: the form names it, the run learns from its points, and shows them", {
  tag: "@long",
}, async ({ page }) => {
  const { url, server } = await chatServer(({ body: { messages } }) => {
    const [, response] = /\[response\]\n([\s\S]*?)\n\[end of response/.exec(messages[1]!.content)!;
    return JSON.stringify({ reason: "Its length.", points: Math.min(10, response!.length / 20) });
  });
  const named = { name: "Scripted grader", baseUrl: url, model: "grader-1", requestsPerMinute: 6000 };
  const added = await page.request.post("/api/endpoints", { data: named });
  const [endpoint] = ((await added.json()) as { id: number; name: string }[]).filter(({ name }) => name === named.name);
  await page.goto("/runs/new");
  await formField(page, "method").selectOption("GRPO");
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await page.getByLabel("Grader (endpoint)").check();
  await expect(page.getByText("Nothing scores yet")).toBeVisible();
  await page.getByLabel("Grader: endpoint").selectOption("Scripted grader");
  await expect(page.getByText("Reward = 1 × grader", { exact: true })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await fillForm(page, { name: "Graded", maxSteps: "2" });
  await openAdvanced(page);
  await formField(page, "sampleEvery").fill("");
  await startRun(page);
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 150_000 });
  await expect(page.getByRole("figure", { name: /^Rollout reward/ })).toBeVisible();
  await page.request.delete(`/api/endpoints/${endpoint!.id}`);
  server.close();
});
