// A run that trains every weight: started from the form, talked with, and what the next run starts from.
import { expect } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { fillForm, formField, startRun, withoutEvaluation } from "./pages/launch-form";
import { listRuns } from "./pages/runs";
import { test } from "./pages/test";

test("every weight is trained by DPO from the form; the result is chatted with, and the next run starts from it", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(300_000);
  await enterAs(page, "Whole");
  await page.goto("/runs/new");
  await fillForm(page, { name: "Every weight", maxSteps: "3", batchSize: "2", maxLength: "64" });
  await withoutEvaluation(page);
  await formField(page, "adapterType").selectOption("none");
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary.getByText(/copies for the reference/)).toBeVisible({ timeout: 60_000 });
  await startRun(page);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
  const { id } = (await listRuns(page.request)).find(({ name }) => name === "Every weight")!;

  await page.getByRole("main").getByRole("link", { name: "Chat", exact: true }).click();
  await page.getByLabel("Message").fill("Review The Last Summer in a few sentences.");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "A is better" })).toBeVisible({ timeout: 60_000 });

  await page.goto("/models");
  await page.getByRole("link", { name: "Train from Every weight" }).click();
  await expect(formField(page, "name")).toHaveValue("Every weight (continued)");
  await startRun(page);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 90_000 });
  const next = (await listRuns(page.request)).find(({ name }) => name === "Every weight (continued)")!;
  const { config } = (await (await page.request.get(`/api/runs/${next.id}`)).json()) as {
    config: { adapter: null; model: { source: string } };
  };
  expect(config.adapter).toBeNull();
  expect(config.model.source).toMatch(new RegExp(`/runs/${id}$`));
});
