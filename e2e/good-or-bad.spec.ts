// One answer at a time: judged by keys, by two people, decided, exported, trained on with KTO; and thumbs in a chat.
import { expect, type Page } from "@playwright/test";
import { chooseFiles, fileOf } from "./pages/add-data";
import { enterAs, listens, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { formField, withoutEvaluation } from "./pages/launch-form";
import { finishedRun } from "./pages/runs";
import { test } from "./pages/test";

const count = 24;
const said = (i: number) => i % 3 !== 0;
const rows = Array.from({ length: count }, (_, i) => ({
  prompt: `What is ${i} + ${i}?`,
  completion: `It is ${said(i) ? 2 * i : 2 * i + 1}.`,
  label: said(i),
}));
const jsonLines = (all: object[]) => all.map((row) => JSON.stringify(row)).join("\n");
const answer = (page: Page) => page.getByRole("article", { name: "Answer" });

/** Judges records from the `from`th on with 1 and 2, as `isGood` says. */
async function judgeAll(page: Page, from: number, isGood: (i: number) => boolean): Promise<void> {
  for (let i = from; i < count; i++) {
    await expect(prompt(page)).toContainText(`What is ${i} + ${i}?`);
    await page.keyboard.press(isGood(i) ? "1" : "2");
  }
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();
}

test("rows of KTO are judged again by keys, by two people; their agreement, export and a run of KTO follow", {
  tag: "@long",
}, async ({ page, browser }) => {
  test.setTimeout(400_000);
  await enterAs(page, "Judges alone");
  await page.goto("/datasets/add");
  await chooseFiles(page, fileOf("sums-kto.jsonl", jsonLines(rows)));
  await page.getByRole("radio", { name: /^Both/ }).check();
  await expect(page.getByRole("radio", { name: /^One answer: good or bad/ })).toBeChecked();
  await expect(
    page.getByText("24 rows of the file can be imported as single answers to judge that keep"),
  ).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const report = page.getByRole("status").filter({ hasText: "24 records added to sums-kto, 24 labels kept" });
  await report.getByRole("link", { name: "Annotate" }).click();

  // one answer, one key each; undo gives it back with what was said
  await listens(page, "What is 0 + 0?");
  await expect(answer(page)).toContainText("It is 1.");
  await expect(page.getByRole("button", { name: "Good" })).toHaveAttribute("aria-keyshortcuts", "1");
  await expect(page.getByRole("button", { name: "Bad" })).toHaveAttribute("aria-keyshortcuts", "2");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("1");
  await listens(page, "What is 1 + 1?");
  await expect(page.getByText("Good", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("z");
  await listens(page, "What is 0 + 0?");
  await expect(page.getByRole("button", { name: "Good" })).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("2");
  await judgeAll(page, 1, said);
  await expect(page.getByText("Bad", { exact: true })).toBeVisible();
  const id = /\/annotate\/(\d+)/.exec(page.url())![1]!;

  const other = await browser.newContext();
  const second = await other.newPage();
  await enterAs(second, "Judges too");
  await second.goto(`/annotate/${id}`);
  await listens(second, "What is 0 + 0?");
  await judgeAll(second, 0, (i) => (i < 3 ? !said(i) : said(i)));
  await other.close();

  // 21 of 24 the same
  await page.goto(`/datasets/${id}`);
  const measure = (name: string) => page.locator("div", { has: page.locator("dt", { hasText: name }) }).last();
  await expect(measure("Percent agreement").locator("dd")).toContainText("88 %");
  await expect(measure("Krippendorff's α").locator("dd")).toContainText("0.7");
  await expect(measure("Cohen's κ")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.goto(`/datasets/${id}/people`);
  await expect(page.getByRole("columnheader", { name: "Said good" })).toBeVisible();
  expect(await findings(page)).toEqual([]);

  // a reviewer decides one of the three that are disputed
  await page.goto(`/datasets/${id}/adjudication`);
  await expect(page.getByText("1 of 3, 0 resolved")).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText("2 of 3, 1 resolved")).toBeVisible();

  // records, with who says what beside the file's label
  await page.goto(`/datasets/${id}/records?said=bad`);
  await expect(page.getByRole("columnheader", { name: "Good : bad" })).toBeVisible();
  await page.getByRole("button", { name: "What is 6 + 6?" }).click();
  const pane = page.getByRole("region", { name: /^Record \d+$/ });
  await expect(pane.getByRole("region", { name: "Annotations (3)" })).toContainText("label of the file");
  expect(await findings(page)).toEqual([]);

  await page.goto(`/datasets/${id}/export`);
  await expect(page.getByRole("radio", { name: /KTO/ })).toBeChecked();
  await expect(page.getByText("22 of 22 answers")).toBeVisible(); // 24 but two that are still disputed
  const exported = await (await page.request.get(`/api/queues/${id}/export?rows=kto`)).text();
  const labels = exported
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { prompt: [{ content: string }]; label: boolean });
  expect(labels).toHaveLength(22);
  for (const { prompt, label } of labels.slice(1)) {
    const i = Number(/\d+/.exec(prompt[0].content)![0]);
    if (i >= 3) expect(label).toBe(said(i));
  }

  await page.goto(`/datasets/${id}`);
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "name")).toHaveValue("sums-kto, KTO");
  await expect(formField(page, "data").locator("option:checked")).toHaveText("sums-kto: 22 good and bad answers");
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByRole("button", { name: "Start run" }).click();
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 200_000 });
  await page.goto(`/datasets/${id}`);
  await expect(page.getByRole("link", { name: "sums-kto, KTO" })).toBeVisible(); // the dataset knows its runs
});

test("the answers of pairs become records of their own; on a phone two buttons judge them", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enterAs(page, "Splits pairs");
  await page.goto("/datasets/add");
  const pairs = [{ prompt: "Name a colour.", chosen: "Red.", rejected: "Seven." }];
  await chooseFiles(page, fileOf("colours.jsonl", jsonLines(pairs)));
  await page.getByRole("radio", { name: /^To annotate/ }).check();
  await expect(page.getByRole("radio", { name: /^Which answer is better/ })).toBeChecked();
  await page.getByRole("radio", { name: /^One answer: good or bad/ }).check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page
    .getByRole("status")
    .filter({ hasText: "2 records added to colours" })
    .getByRole("link", { name: "Annotate" })
    .click();
  await expect(answer(page)).toContainText("Red.");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Good" }).click();
  await expect(answer(page)).toContainText("Seven.");
  await page.getByRole("button", { name: "Bad" }).click();
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();
});

test("a dataset of pairs is duplicated as single answers from its settings", async ({ page }) => {
  await enterAs(page, "Duplicates alone");
  await page.goto("/datasets/1/settings");
  await page.getByRole("button", { name: "Duplicate as single answers" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("(copy)");
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).last().click();
  await expect(page.getByRole("combobox", { name: "Question" })).toHaveValue("single");
});

test("thumbs in a chat are labels that are shown again, taken back, and trained on", async ({ page }) => {
  test.setTimeout(400_000); // a run, where there is none yet
  await enterAs(page, "Thumbs");
  await page.goto(`/chat?a=${await finishedRun(page.request, "Chatted with")}`);
  await page.getByLabel("Answers").selectOption("this run alone");
  await page.getByLabel("Message").fill("Review The Last Summer.");
  await page.keyboard.press("Enter");
  const good = page.getByRole("button", { name: "Good answer" });
  const bad = page.getByRole("button", { name: "Bad answer" });
  await good.click({ timeout: 60_000 });
  await expect(good).toHaveAttribute("aria-pressed", "true");
  const dataset = page.getByRole("link", { name: "Chats with Chatted with: good or bad" });
  await expect(dataset).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await good.click(); // taken back
  await expect(good).toHaveAttribute("aria-pressed", "false");
  await page.getByRole("heading", { level: 1 }).click(); // away from the box
  await page.keyboard.press("2");
  await expect(bad).toHaveAttribute("aria-pressed", "true");

  // put aside and opened again
  await page.getByRole("button", { name: "New conversation" }).click();
  await expect(bad).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: /^Review The Last Summer/ }).click();
  await expect(bad).toHaveAttribute("aria-pressed", "true");

  const queues = (await (await page.request.get("/api/queues")).json()) as { id: number; name: string }[];
  const { id } = queues.find(({ name }) => name === "Chats with Chatted with: good or bad")!;
  const exported = await (await page.request.get(`/api/queues/${id}/export?rows=kto`)).text();
  expect(
    exported
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { label: boolean }).label),
  ).toEqual([false]);
  await page.goto("/datasets");
  await page.getByRole("link", { name: "Chats with Chatted with: good or bad" }).click();
  await page.waitForURL(/\/datasets\/\d+$/);
  await expect(page.getByRole("link", { name: "Train on this dataset" })).toBeVisible();
});
