// Pre-training, SFT, a reward model and two policies from one launch, with real trainers.
import { expect } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { listRuns, runStatus } from "./pages/runs";
import { test } from "./pages/test";

test("a pipeline shows what it will launch, launches it, and each run goes on from those before it", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(500_000); // five runs
  await enterAs(page, "Plans");
  await page.goto("/runs");
  await page.getByRole("link", { name: "Pipeline" }).click();
  await expect(page.getByRole("heading", { name: "Pipeline", exact: true })).toBeVisible();
  await page.getByLabel("Name").fill("Small");
  const head = page.getByText("SFT trains the output head beside LoRA");
  await expect(head).toBeHidden();
  await page.getByRole("combobox", { name: "Pre-training" }).selectOption({ label: "Film reviews (3,838 rows)" });
  await expect(head).toBeVisible();
  const steps = page.getByRole("group", { name: "Steps" });
  for (const name of ["Pre-training", "SFT", "Reward model", "Each policy"])
    await steps.getByLabel(name, { exact: true }).fill("2");
  const graph = page.getByRole("region", { name: "Graph of the runs" });
  await expect(graph.getByRole("listitem")).toHaveText([
    /^Small: pre-training on Film reviews, 2 steps$/,
    /^Small: SFT on Film reviews, 2 steps; trains Small: pre-training$/,
    /^Small: reward model on Film reviews, 2 steps; starts from Small: SFT$/,
    /^Small: DPO .*; starts from Small: SFT; is evaluated by Small: reward model$/,
    /^Small: PPO .*; starts from Small: SFT; is rewarded by Small: reward model$/,
  ]);
  await page.getByLabel("GRPO").check();
  await expect(graph.getByRole("listitem")).toHaveCount(6);
  await page.getByLabel("GRPO").uncheck();
  expect(await findings(page)).toEqual([]);

  await page.getByRole("button", { name: "Launch all" }).click();
  await expect(page.getByRole("heading", { name: "Queued in this order" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(5);
  const runs = (await listRuns(page.request)).filter(({ name }) => name.startsWith("Small: "));
  expect(runs).toHaveLength(5);
  for (const { id } of runs)
    await expect.poll(() => runStatus(page.request, id), { timeout: 150_000 }).toBe("finished");
  await expect(page.getByRole("heading", { name: "All have ended" })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("link", { name: "Small: PPO" }).click();
  await page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link", { name: "Data" }).click();
  await expect(page.getByRole("heading", { name: "Lineage" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Small: pre-training" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Small: reward model" })).toBeVisible();
});
