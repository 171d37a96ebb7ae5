// What annotators write and rate beside their votes becomes training data: rewrites as pairs, criteria as reward models.
import { expect, type Page } from "@playwright/test";
import { enterAs, importDataset, nextRecord, prompt } from "./pages/annotate";
import { formField, withoutEvaluation } from "./pages/launch-form";
import { openTab } from "./pages/runs";
import { test } from "./pages/test";

const rows = [0, 1, 2, 3].map((i) => ({ prompt: `p${i}`, answers: [`one ${i}`, `another ${i}`] }));
const saveSettings = async (page: Page, label: string) => {
  await page.getByLabel(label, { exact: true }).press("Control+Enter");
  await expect(page.getByText("Saved ✓")).toBeVisible();
};
const trainOn = async (page: Page, queue: number) => {
  await page.goto(`/datasets/${queue}`);
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "data")).toBeVisible();
};
const dataChosen = (page: Page) => formField(page, "data").locator("option:checked");

test("rewrites become pairs once the dataset says so; what is private in one is masked with its record, wherever it is read", async ({
  page,
}) => {
  await enterAs(page, "Writes anew");
  const queue = await importDataset(page, "Rewritten", rows);
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page)).toBeFocused();
  const before = (await prompt(page).textContent()) ?? "";
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Start from A" }).click();
  await page.keyboard.type(" Or mail jane.doe@home.example.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  await expect(prompt(page)).not.toHaveText(before);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await trainOn(page, queue);
  await expect(dataChosen(page)).toHaveText("Rewritten: 1 annotated pairs");

  await page.goto(`/datasets/${queue}/settings`);
  await page.getByLabel("Rewrites", { exact: true }).selectOption("SFT rows, and pairs");
  await saveSettings(page, "Rewrites");
  await trainOn(page, queue);
  await expect(dataChosen(page)).toHaveText("Rewritten: 3 annotated pairs"); // the rewrite over each of both answers

  await page.goto(`/datasets/${queue}/quality`);
  await page.getByRole("button", { name: "Check the records" }).click();
  await page.getByRole("button", { name: "Mask 1" }).click({ timeout: 60_000 });
  await expect(page.getByText("1 record masked.")).toBeVisible();
  const exported = async (form: string) => (await page.request.get(`/api/queues/${queue}/export?rows=${form}`)).text();
  for (const form of ["rewrites", "pairs"]) {
    expect(await exported(form)).toContain("Or mail [email address].");
    expect(await exported(form)).not.toContain("jane.doe");
  }
  expect(await exported("events")).toContain("jane.doe"); // what was stays where everything is kept
  await page.getByRole("button", { name: "Undo version 2" }).click();
  await expect(page.getByText(/Version 3: 1 record brought back/)).toBeVisible();
  expect(await exported("rewrites")).toContain("jane.doe");
});

test("a criterion that answers are rated by trains a reward model of its own, whatever the votes say", {
  tag: "@long",
}, async ({ page }) => {
  test.setTimeout(300_000);
  await enterAs(page, "Rates");
  const queue = await importDataset(page, "Rated", rows);
  await page.goto(`/datasets/${queue}/settings`);
  await page.getByLabel("Rating criteria").fill("Clarity");
  await saveSettings(page, "Rating criteria");
  await page.goto(`/annotate/${queue}`);
  await expect(prompt(page)).toBeFocused();
  let record = await page.getByRole("heading", { level: 2, name: /^Record \d+$/ }).textContent();
  for (const left of [3, 2, 1]) {
    await page.keyboard.press("q");
    await expect(page.getByRole("group", { name: "Rate the answers by criterion" })).toBeVisible();
    await page.keyboard.press("4");
    await page.keyboard.press("Shift+2");
    await expect(page.getByRole("button", { name: "Clarity, B: 2 of 5" })).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("Escape");
    await page.keyboard.press("8"); // B is much better all the same
    await expect(page.getByText(`${4 - left} / 4`)).toBeVisible();
    record = await nextRecord(page, record!);
  }
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await trainOn(page, queue);
  await formField(page, "method").selectOption("Reward model");
  await page.getByLabel("Criterion", { exact: true }).selectOption("Clarity: decides 3 pairs");
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByRole("button", { name: "Start run" }).click();
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
  const id = page.url().split("/").at(-1)!;
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 180_000 });
  await openTab(page, "Data");
  await expect(page.getByText(/^Rated, as of/).first()).toBeVisible();
  const run = (await (await page.request.get(`/api/runs/${id}`)).json()) as { config: object };
  expect(run.config).toMatchObject({ reward: { criterion: "Clarity" } });
});
