// Solutions by their steps: the first wrong one is named by one key or a tap, by two people, decided, exported, and trained on.
import { expect, type Page } from "@playwright/test";
import { chooseFiles, fileOf } from "./pages/add-data";
import { enterAs, listens, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { formField, withoutEvaluation } from "./pages/launch-form";
import { test } from "./pages/test";

const count = 6;
/** The second step of every other solution is wrong, and so is what follows from it. */
const isWrong = (i: number) => i % 2 === 0;
const rows = Array.from({ length: count }, (_, i) => {
  const sum = 2 * i + (isWrong(i) ? 1 : 0);
  return {
    prompt: `What is ${i} + ${i} + 1?`,
    completions: [`Step 1: add ${i} to ${i}.`, `Step 2: that is ${sum}.`, `Step 3: the answer is ${sum + 1}.`],
    labels: [true, !isWrong(i), !isWrong(i)],
  };
});
const jsonLines = rows.map((row) => JSON.stringify(row)).join("\n");
const solution = (page: Page) => page.getByRole("article", { name: "Answer" });
const question = (i: number) => `What is ${i} + ${i} + 1?`;

/** Names the first wrong steps from the `from`th record on, as `stepOf` says. */
async function judgeAll(page: Page, from: number, stepOf: (i: number) => number): Promise<void> {
  for (let i = from; i < count; i++) {
    await expect(prompt(page)).toContainText(question(i));
    await expect(solution(page)).toContainText("Step 3");
    await page.keyboard.press(String(stepOf(i)));
  }
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();
}
const first = (i: number) => (isWrong(i) ? 2 : 0);

test("the first wrong step is named by one key and by a tap; agreement, a decision, the export and a process reward model follow", {
  tag: "@long",
}, async ({ page, browser }) => {
  test.setTimeout(500_000);
  await enterAs(page, "Marks steps");
  await page.goto("/datasets/add");
  await chooseFiles(page, fileOf("sums-by-step.jsonl", jsonLines));
  await page.getByRole("radio", { name: /^Both/ }).check();
  await expect(page.getByRole("radio", { name: /^One solution/ })).toBeChecked();
  await expect(page.getByText("6 rows of the file can be imported as solutions to judge by step")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const report = page.getByRole("status").filter({ hasText: "6 records added to sums-by-step, 6 labels kept" });
  await report.getByRole("link", { name: "Annotate" }).click();

  // one solution, one key; undo gives it back with the step that was named
  await listens(page, question(0));
  const steps = solution(page).getByRole("listitem");
  await expect(steps).toHaveCount(3);
  const second = page.getByRole("button", { name: "Step 2 is wrong" });
  await expect(second).toHaveAttribute("aria-keyshortcuts", "2");
  await expect(page.getByRole("button", { name: "All steps right" })).toHaveAttribute("aria-keyshortcuts", "0");
  expect(await findings(page)).toEqual([]);
  await second.hover();
  await expect(steps.nth(0)).toHaveCSS("text-decoration-line", "none");
  for (const at of [1, 2]) await expect(steps.nth(at)).toHaveCSS("text-decoration-line", "line-through");
  await page.keyboard.press("3");
  await listens(page, question(1));
  await expect(page.getByText("Step 3 is wrong", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("z");
  await listens(page, question(0));
  await expect(page.getByRole("button", { name: "Step 3 is wrong" })).toHaveAttribute("aria-current", "true");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByText("Step 3 is wrong")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  await judgeAll(page, 1, first);
  const id = /\/annotate\/(\d+)/.exec(page.url())![1]!;

  // on a phone by thumb, here of somebody who sees the error of the first solution in another step
  const other = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const phone = await other.newPage();
  await enterAs(phone, "Marks too");
  await phone.goto(`/annotate/${id}`);
  await listens(phone, question(0));
  await expect(phone.getByRole("button", { name: "Step 1 is wrong" })).toBeVisible();
  expect(await findings(phone)).toEqual([]);
  expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await phone.getByRole("button", { name: "Step 3 is wrong" }).click();
  for (let i = 1; i < count; i++) {
    await expect(prompt(phone)).toContainText(question(i));
    await phone.getByRole("button", { name: isWrong(i) ? "Step 2 is wrong" : "All steps right" }).click();
  }
  await expect(phone.getByRole("heading", { name: "All done" })).toBeVisible();
  await other.close();

  // a reviewer decides the disputed one
  await page.goto(`/datasets/${id}/adjudication`);
  await expect(page.getByText("1 of 1, 0 resolved")).toBeVisible();
  await expect(page.getByRole("region", { name: "Votes" })).toContainText("Step 3 is wrong");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("2");
  await expect(page.getByText("1 of 1, 1 resolved")).toBeVisible();
  await expect(page.getByRole("button", { name: "Step 2 is wrong" })).toHaveAttribute("aria-pressed", "true");

  await page.goto(`/datasets/${id}/export`);
  await expect(page.getByRole("radio", { name: /stepwise/ })).toBeChecked();
  await expect(page.getByText("6 of 6 solutions")).toBeVisible();
  const exported = await (await page.request.get(`/api/queues/${id}/export?rows=stepwise`)).text();
  expect(
    exported
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject(
    rows.map(({ prompt, completions, labels }, i) =>
      isWrong(i)
        ? { prompt, completions: completions.slice(0, 2), labels: [true, false] }
        : { prompt, completions, labels },
    ),
  );

  await page.goto(`/datasets/${id}`);
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(
    page.getByRole("combobox", { name: /^Solutions labelled by step/ }).locator("option:checked"),
  ).toHaveText("sums-by-step: 6 solutions labelled by step");
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByRole("button", { name: "Start run" }).click();
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 200_000 });

  // a model goes on after the right steps: an oracle knows no such prompts, the process reward model judges any, and DPO takes what it passes
  await page.goto(`/datasets/${id}`);
  const card = page.locator("#continue");
  const begin = card.getByRole("button", { name: "Continue solutions" });
  await card.getByRole("button", { name: "Choose a model" }).click();
  await card.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await card.getByLabel("Max new tokens").fill("0");
  await begin.click();
  await expect(card.getByText("A whole number from 1 to 4096.")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await card.getByLabel("Max new tokens").fill("192");
  await begin.click();
  await expect(card.getByRole("alert")).toContainText("the oracle of arithmetic knows its own prompts only", {
    timeout: 60_000,
  });
  await card.getByLabel("What counts as right").selectOption("rule: the right answer");
  await begin.click();
  await expect(card.getByText("Choose the dataset that holds the right answers.")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await card.getByLabel("What counts as right").selectOption("process reward model");
  await expect(card.getByLabel("Threshold")).toHaveValue("0.5");
  await card.getByLabel("Process reward model", { exact: true }).selectOption({ index: 1 });
  await card.getByLabel("Threshold").fill("0");
  await begin.click();
  await expect(card.getByText(/pairs? in sums-by-step, right steps/)).toBeVisible({ timeout: 120_000 });
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: /^Jobs/ }).click();
  await expect(page.getByRole("link", { name: "Right steps for sums-by-step" }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await card.getByRole("link", { name: "Train DPO on it" }).click();
  await expect(formField(page, "method")).toHaveValue("dpo");
  await expect(formField(page, "data").locator("option:checked")).toContainText("sums-by-step, right steps");
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue("tiny"); // which wrote them
});
