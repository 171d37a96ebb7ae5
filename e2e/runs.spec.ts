// A researcher's hour, with a real trainer: launch from the form, watch, stop, resume, look at answers, take the adapter.
import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { enterAs } from "./pages/annotate";

async function launch(page: Page, name: string, fields: Record<string, string>): Promise<void> {
  await page.goto("/runs/new");
  await page.getByLabel("Name of the run").fill(name);
  await page.getByText("Advanced", { exact: true }).click();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible({ timeout: 60_000 }); // the data is looked at first
}

async function stepNow(page: Page): Promise<number> {
  const words = await page.getByText(/^Step \d+ of/).textContent();
  return Number(/Step (\d+)/.exec(words ?? "")?.[1]);
}

test("launch, live curves, stop and save, resume to the end, download", async ({ page }) => {
  await launch(page, "Journey", {
    "Step limit": "150",
    Batch: "4",
    "Evaluate every": "75",
    "Answer every": "75",
    "Fixed prompts": "4",
    "Save every": "",
  });
  await expect(page.getByRole("figure", { name: /^Loss/ })).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => stepNow(page), { timeout: 60_000 }).toBeGreaterThan(5); // moves without a reload
  await page.getByRole("button", { name: "Stop and save" }).click();
  await expect(page.getByText("Stopped, saved")).toBeVisible({ timeout: 60_000 });
  const stopped = await stepNow(page);
  expect(stopped).toBeLessThan(150);
  await expect(page.getByText(`saved step ${stopped}`)).toBeVisible();

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  expect(await stepNow(page)).toBe(150);
  await expect(page.getByText(`resumed from step ${stopped}`)).toBeVisible();
  await expect(page.getByText(/KL to reference/).first()).toBeVisible();
  await expect(page.getByText("Before (step 0)", { exact: false }).first()).toBeVisible();

  // One line: each step once, whatever happened between.
  const { pathname } = new URL(page.url());
  const points = (await (await page.request.get(`/api${pathname}/points`)).json()) as {
    step: number;
    values: { loss?: number };
  }[];
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 151 }, (_, step) => step));
  expect(points[1]!.values.loss).toBeCloseTo(Math.log(2), 5);

  const download = page.waitForEvent("download");
  await page.getByText("Take away", { exact: true }).click();
  await page.getByRole("link", { name: "Adapter (PEFT)" }).click();
  const tar = readFileSync(await (await download).path());
  expect(tar.includes("adapter_model.safetensors")).toBe(true);
  expect(tar.includes('"peft_type": "LORA"')).toBe(true);
});

test("a run is cloned: the form opens as it was launched", async ({ page }) => {
  const [run] = (await (await page.request.get("/api/runs")).json()) as { id: string; name: string }[];
  await page.goto(`/runs/${run!.id}`);
  await page.getByRole("link", { name: "Clone" }).click();
  await expect(page.getByLabel("Name of the run")).toHaveValue(`${run!.name}, again`);
  await page.getByText("Advanced", { exact: true }).click();
  await expect(page.getByLabel("Step limit")).toHaveValue("150");
  await expect(page.getByLabel("Batch", { exact: true })).toHaveValue("4");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
});

test("PPO from its preset: samples, scores, learns, and says that its rollouts are its own", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByText("PPO with a known reward").click();
  await page.getByLabel("Name of the run").fill("PPO journey");
  await page.getByLabel("Rollouts", { exact: true }).fill("8");
  await page.getByLabel("Step limit").fill("8");
  await expect(page.getByText("2 updates of 8 sampled answers, 4 optimiser steps each")).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("figure", { name: /^Rollout reward/ })).toBeVisible();
  await expect(page.getByText("Rollouts come from the policy that learns")).toBeVisible();
  await page.getByLabel("Beside").selectOption({ label: "Journey" }); // the DPO run above: the same held-out prompts
  await expect(page.getByText(/Journey \(step \d+\) · \d+ tokens · KL/).first()).toBeVisible();
  await expect(page.getByRole("figure", { name: /^Win rate against the reference/ })).toBeVisible();
});

test("people as judges: a run waits for its pairs, and learns from what is chosen", async ({ page }) => {
  await enterAs(page, "Judge");
  await page.goto("/runs/new");
  await page.getByText("Online DPO with a known reward").click();
  await page.getByLabel("Name of the run").fill("Judged by people");
  await page.getByLabel("Gold scorer", { exact: true }).selectOption("not set");
  await page.getByLabel("Ask people in queue", { exact: true }).selectOption("a new queue of this run");
  await page.getByLabel("Rounds", { exact: true }).fill("1");
  await page.getByLabel("Prompts a round", { exact: true }).fill("4");
  await page.getByLabel("Batch", { exact: true }).fill("4");
  await page.getByRole("button", { name: "Start run" }).click();
  const waiting = page.getByText(/round 1 waits for people: 0 of \d pairs/).first();
  await expect(waiting).toBeVisible({ timeout: 90_000 });
  const pairs = Number(/of (\d)/.exec((await waiting.textContent()) ?? "")![1]);
  const run = page.url();
  await page.getByRole("link", { name: "Judge them" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: /Run \w+: answers/ })
    .getByRole("link")
    .click();
  const question = page.getByRole("heading", { level: 2, name: /^Prompt:/ });
  for (let left = pairs; left > 0; left--) {
    const before = (await question.textContent()) ?? "";
    await page.keyboard.press("1");
    if (left === 1) await expect(question).toHaveCount(0);
    else await expect(question).not.toHaveText(before);
  }
  await page.goto(run);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
});

test("shows rows as the model will see them before anything starts", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByRole("button", { name: "Look at the data" }).click();
  await expect(page.getByText(/3,\d{3} to train on, \d+ held out/)).toBeVisible({ timeout: 60_000 });
  const recipe = page.getByRole("complementary", { name: "Recipe" });
  await expect(recipe.getByText(/About [\d.]+ GB at the peak/)).toBeVisible();
  const scored = page.locator("mark", { hasText: "<|im_end|>" });
  await expect(scored.first()).toBeVisible(); // the end of the answer is learnt, whatever the cut
  await expect(page.locator("span", { hasText: /^<\|im_start\|>$/ }).first()).toBeVisible();
  await page.getByLabel("Longest row").fill("32");
  await expect(page.getByText("The form has changed since")).toBeVisible();
  await expect(recipe.getByRole("button", { name: "Estimate memory" })).toBeVisible(); // of another form no more
  await expect(page).toHaveURL(/runs\/new/);
});

test("trains on the pairs just ranked", async ({ page }) => {
  await enterAs(page, "Trainer");
  await page.goto("/annotate/1");
  for (const key of ["1", "8", "2", "7"]) {
    const before = (await page.getByRole("heading", { level: 2 }).textContent()) ?? "";
    await page.keyboard.press(key);
    await expect(page.getByRole("heading", { level: 2 })).not.toHaveText(before);
  }
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.goto("/runs/new");
  await page.getByLabel("Name of the run").fill("On my pairs");
  await page.getByLabel("Training pairs").selectOption({ label: "Everyday questions: 4 ranked pairs" });
  await page.getByLabel("Step limit", { exact: true }).fill("2");
  await page.getByLabel("Batch", { exact: true }).fill("2");
  await page.getByLabel("Longest row", { exact: true }).fill("512");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
});

test("another method brings its own fields, keeps what is filled in, and runs", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByLabel("Name of the run").fill("Scores");
  await page.getByLabel("Step limit", { exact: true }).fill("6");
  await page.getByText("Advanced", { exact: true }).click();
  await page.getByLabel("Evaluate every", { exact: true }).fill("6");
  await page.getByRole("radio", { name: /^KTO/ }).check();
  await expect(page.getByLabel("Weight of good answers", { exact: true })).toHaveValue("1");
  await page.getByRole("radio", { name: /^Reward model/ }).check();
  await expect(page.getByLabel("β", { exact: true })).toHaveCount(0);
  await expect(page.getByLabel("Step limit", { exact: true })).toHaveValue("6");
  await page.getByLabel("Centring", { exact: true }).fill("0.01");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText(/Reward model on/)).toBeVisible();
  await expect(page.getByRole("figure", { name: /^Scores/ })).toBeVisible();
  await expect(page.getByText("LoRA starts at zero")).toBeVisible();
  await expect(page.getByText("All numbers finite")).toBeVisible();
});

test("the form names every problem at its field and starts nothing", async ({ page }) => {
  // Scripts arrive late: what is typed must not be overwritten when the page comes alive.
  await page.route("**/_next/static/**/*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/runs/new", { waitUntil: "commit" });
  await page.getByLabel("Batch", { exact: true }).fill("0");
  await page.getByLabel("Learning rate", { exact: true }).fill("fast");
  await expect(page.getByRole("list", { name: "Problems" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByLabel("Batch", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("button", { name: "Start run" })).toBeDisabled();
});

test("a run that cannot work is refused at its field before it starts", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByLabel("Name of the run").fill("Too short");
  await page.getByLabel("Longest row", { exact: true }).fill("8");
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "holds no row to train on" })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByLabel("Longest row", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page).toHaveURL(/runs\/new/);
});

test("R1: PPO without a reward model queues both, the reward model with the steps and rate that the form shows; what is typed as YAML stands in the form", async ({
  page,
}) => {
  await page.goto("/runs/new");
  await page.getByRole("radio", { name: /^PPO Samples/ }).check();
  await expect(page.getByRole("list", { name: "Problems" })).toContainText("ppo.reward.model");
  await page.getByLabel("Reward model", { exact: true }).selectOption("train one first, on the same pairs");
  await expect(page.getByText("this run starts when it has finished")).toBeVisible();
  await expect(page.getByLabel("Reward model: Max steps")).toHaveValue("300");
  await expect(page.getByLabel("Reward model: Learning rate")).toHaveValue("0.002");
  await page.getByLabel("Reward model: Max steps").fill("many");
  await expect(page.getByText("Max steps must be a positive whole number")).toBeVisible();
  await expect(page.getByRole("button", { name: "Queue the runs" })).toBeDisabled();
  await page.getByLabel("Reward model: Max steps").fill("30");
  await page.getByLabel("Name of the run").fill("Both");
  await page.getByText("As a file", { exact: true }).click();
  const file = page.getByLabel("The run as YAML");
  const text = (await file.inputValue())
    .replace(/rollouts: \d+/, "rollouts: 8")
    .replace(/maxSteps: \d+/, "maxSteps: 4");
  await file.fill(text);
  await expect(page.getByLabel("Rollouts", { exact: true })).toHaveValue("8");
  await file.fill(`${text}\nrewards: many`);
  await expect(page.getByText("no field of this form: rewards")).toBeVisible();
  await file.fill(text);
  await page.getByRole("button", { name: "Queue the runs" }).click();
  await expect(page.getByRole("heading", { name: "Both" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/Begins when these have finished/)).toContainText("Both: reward model");
  await page.getByRole("link", { name: "Both: reward model" }).first().click();
  await expect(page.getByRole("heading", { name: "Both: reward model" })).toBeVisible();
  const { config } = await (await page.request.get(`/api${new URL(page.url()).pathname}`)).json();
  expect(config).toMatchObject({ maxSteps: 30, batchSize: 16, optimizer: { learningRate: 2e-3 } });
  await page.getByRole("button", { name: /Stop and save|Take out of the queue/ }).click();
  await expect(page.getByText("Used by")).toBeVisible();
});

test("a sweep queues its runs; a fork begins at a checkpoint and says so", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByLabel("Name of the run").fill("Swept");
  await page.getByLabel("Step limit", { exact: true }).fill("2");
  await page.getByText("Sweep", { exact: true }).click();
  await page.getByRole("button", { name: "Field", exact: true }).click();
  await page.getByLabel("Swept field 1").selectOption("dpo.beta");
  await page.getByLabel("Values of field 1").fill("0.05, 0.2");
  await expect(page.getByText("2 runs", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Queue the runs" }).click();
  await expect(page).toHaveURL(/compare\?runs=\w+%2C\w+|compare\?runs=\w+,\w+/, { timeout: 60_000 });
  const listed = async () =>
    (await (await page.request.get("/api/runs")).json()) as { id: string; name: string; status: string }[];
  const swept = async () => (await listed()).filter(({ name }) => name.startsWith("Swept: beta"));
  await expect
    .poll(async () => (await swept()).map(({ status }) => status), { timeout: 120_000 })
    .toEqual(["finished", "finished"]);
  const [run] = await swept();
  await page.goto(`/runs/${run!.id}`);
  await expect(page.getByRole("link", { name: "2 runs side by side" })).toBeVisible();
  await page.getByRole("link", { name: "Fork" }).first().click();
  await expect(page.getByLabel("Name of the run")).toHaveValue(`${run!.name}, from step 2`);
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Forked at step 2 from")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
});

test("talk with a run beside its base, blind; the vote goes into a queue and says who was who", async ({ page }) => {
  await enterAs(page, "Talker");
  const runs = (await (await page.request.get("/api/runs")).json()) as { id: string; name: string }[];
  const { id } = runs.find(({ name }) => name === "Journey")!;
  await page.goto(`/runs/${id}`);
  await page.getByRole("link", { name: "Talk with it" }).click();
  await page.getByLabel("Ask something").fill("Review The Last Summer in a few sentences.");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "A is better" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Journey", { exact: true })).toHaveCount(0); // blind
  const [a, b] = await Promise.all(
    ["A", "B"].map((side) =>
      page
        .getByRole("article", { name: `Answer ${side}` })
        .locator("p")
        .textContent(),
    ),
  );
  await page.getByRole("button", { name: "B is better" }).click();
  await expect(page.getByText(/^Saved in Talks with Journey/)).toBeVisible();
  const winner = (await page.getByRole("article", { name: "Answer B" }).getByRole("heading").textContent())!;
  const queues = (await (await page.request.get("/api/queues")).json()) as { id: number; name: string }[];
  const queue = queues.find(({ name }) => name === "Talks with Journey")!;
  const [pair] = (await (await page.request.get(`/api/queues/${queue.id}/export`)).text()).trim().split("\n");
  const { chosen, rejected, ...rest } = JSON.parse(pair!) as Record<"chosen" | "rejected", { content: string }[]>;
  expect([chosen[0]!.content, rejected[0]!.content]).toEqual([b, a]);
  expect(JSON.stringify(rest)).toContain("few sentences");
  expect(winner).toMatch(/tiny|Journey/);
  await page.getByRole("button", { name: "Go on from here" }).first().click();
  await expect(page.getByRole("list", { name: "Conversation" }).getByRole("listitem")).toHaveCount(2);
});

test("a model leaves in every form", async ({ page }) => {
  const runs = (await (await page.request.get("/api/runs")).json()) as { id: string; name: string }[];
  const { id } = runs.find(({ name }) => name === "Journey")!;
  const taken = async (form: string) => {
    const response = await page.request.get(`/api/runs/${id}/export?form=${form}`);
    expect(response.ok(), form).toBe(true);
    return response.body();
  };
  expect((await taken("merged")).includes("model.safetensors")).toBe(true);
  expect((await taken("gguf")).subarray(0, 4).toString()).toBe("GGUF");
});
