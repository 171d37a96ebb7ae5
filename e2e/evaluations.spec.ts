// What standard tasks say of a run and of its base, on the run's page and on Compare.
import { expect } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { finishedRun, openTab } from "./pages/runs";
import { test } from "./pages/test";

test("a run is evaluated with its base; Compare shows both, with the difference and its interval", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(400_000); // lm-eval is installed where it never was
  await enterAs(page, "Evaluator");
  const run = await finishedRun(page.request, "Asked tasks");
  await page.goto(`/runs/${run}`);
  await openTab(page, "Evaluations");
  await expect(page.getByText("Nothing has been evaluated yet.")).toBeVisible();

  // what lm-eval does not know is said in a sentence
  await page.getByLabel("Instructions").uncheck();
  await page.getByLabel("General text").uncheck();
  await expect(page.getByText("Choose a task.")).toBeVisible();
  await page.getByLabel("More tasks").fill("no_such_task");
  await page.getByRole("button", { name: "Evaluate", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("has no task no_such_task", {
    timeout: 240_000,
  });

  await page.getByLabel("More tasks").clear();
  await page.getByLabel("Sorting").check();
  await page.getByLabel("General text").check();
  await page.getByLabel("Rows of each task").fill("4");
  await page.getByRole("button", { name: "Evaluate", exact: true }).click();
  const row = (name: RegExp) => page.getByRole("row", { name });
  await expect(row(/Sorting.*exact match/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("columnheader", { name: /tiny \(base\)/ })).toBeVisible();
  await expect(row(/General text.*bits per byte/)).toContainText(/Δ [+-]?\d/);

  // on what it held out the policy agrees with the dataset about as often as it measured itself
  await page.getByRole("combobox", { name: /^Dataset/ }).selectOption({ label: "Film reviews (3,838 pairs)" });
  await page.getByRole("button", { name: "Measure agreement" }).click();
  await expect(row(/Agreement with Film reviews.*held-out prompts.*accuracy/)).toContainText(/\d\d\.\d ± \d\.\d %/, {
    timeout: 120_000,
  });
  await page.goto(`/compare?runs=${run}&tab=evaluations`);
  await expect(row(/Sorting.*exact match/)).toContainText(/Δ 0\.0/);
});
