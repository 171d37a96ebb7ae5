// Files that came with their labels: imported in the browser, trained on at once.
import { expect, type Page } from "@playwright/test";
import { chooseFiles, fileOf } from "./pages/add-data";
import { enterAs, importDataset, listens, prompt } from "./pages/annotate";
import { findings } from "./pages/axe";
import { formField, withoutEvaluation } from "./pages/launch-form";
import { openTab } from "./pages/runs";
import { test } from "./pages/test";

const questions = Array.from({ length: 12 }, (_, i) => ({
  prompt: `What is ${i} + ${i}?`,
  chosen: `It is ${2 * i}.`,
  rejected: `It is ${2 * i + 1}.`,
}));
const jsonLines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  await page.goto("/datasets/add");
  await chooseFiles(page, fileOf(name, text));
}

const summary = (page: Page) => page.getByRole("complementary", { name: "Summary" });
const labelled = (page: Page) => page.getByRole("radio", { name: /^Already labelled/ });
const imported = (page: Page) => page.getByRole("status").filter({ hasText: "imported as" });

/** Two steps on the tiny model, from the form as it opened. */
async function startRun(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: "Model", exact: true }).fill("tiny");
  await formField(page, "maxSteps").fill("2");
  await withoutEvaluation(page);
  await page.getByRole("button", { name: "Start run" }).click();
  await page.waitForURL(/\/runs\/(?!new)\w+$/, { timeout: 60_000 });
}

/** Rows that a run trains on and holds out, as its log says. */
async function rowsOf(page: Page): Promise<number> {
  await openTab(page, "Logs"); // where the line stays
  const line = page.getByRole("region", { name: "Log" }).getByText(/training on \d+ rows, \d+ held out/);
  const said = (await line.textContent({ timeout: 90_000 })) ?? "";
  const [, train, heldOut] = /training on (\d+) rows, (\d+) held out/.exec(said)!;
  return Number(train) + Number(heldOut);
}

test("U1, DA: a file of chosen and rejected answers is already labelled: Train on this dataset, Start run, and its rows are learnt from", async ({
  page,
}) => {
  await chooseFile(page, "sums-trl.jsonl", jsonLines(questions));
  await expect(labelled(page)).toBeChecked();
  await expect(page.getByText("12 rows of the file can be imported as labelled pairs.")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(imported(page)).toContainText("12 labelled pairs imported as sums-trl");
  await imported(page).getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "name")).toHaveValue("sums-trl, DPO");
  await expect(formField(page, "data").locator("option:checked")).toHaveText("sums-trl: 12 labelled pairs");
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
  await startRun(page);
  expect(await rowsOf(page)).toBe(12);
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  await openTab(page, "Data");
  await expect(page.getByText("sums-trl, as imported")).toBeVisible();
});

test("U1, DA: this product's own TRL export comes back with its labels, and trains on the same pairs", {
  tag: "@long",
}, async ({ page }) => {
  await enterAs(page, "Exports and imports");
  const queue = await importDataset(
    page,
    "to be exported",
    questions.slice(0, 4).map(({ prompt, chosen, rejected }) => ({ prompt, answers: [chosen, rejected] })),
  );
  await page.goto(`/annotate/${queue}`);
  for (const key of ["1", "8", "2"]) {
    const before = (await prompt(page).textContent()) ?? "";
    await page.keyboard.press(key);
    await expect(prompt(page)).not.toHaveText(before);
  }
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const exported = await (await page.request.get(`/api/queues/${queue}/export`)).text();
  await chooseFile(page, "own-export.jsonl", exported);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(imported(page)).toContainText("3 labelled pairs imported as own-export");
  await page.goto("/datasets");
  const row = page.getByRole("row", { name: /own-export/ });
  const link = await row.getByRole("link", { name: "Export", exact: true }).getAttribute("href");
  expect(await (await page.request.get(link!)).text()).toBe(exported);
  await row.getByRole("link", { name: "Train on this dataset" }).click();
  await startRun(page);
  expect(await rowsOf(page)).toBe(3);
});

test("DA: good and bad answers open the form on KTO, and are offered to no method that compares two", async ({
  page,
}) => {
  const rows = questions.flatMap(({ prompt, chosen, rejected }) => [
    { prompt, completion: chosen, label: true },
    { prompt, completion: rejected, label: false },
  ]);
  await chooseFile(page, "thumbs.jsonl", jsonLines(rows));
  await expect(page.getByRole("radio", { name: /^To annotate/ })).toBeEnabled(); // one at a time: e2e/good-or-bad.spec.ts
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await imported(page).getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "method")).toHaveValue("kto");
  await expect(page.getByText("Here: 24 answers.")).toBeVisible();
  await formField(page, "method").selectOption("DPO");
  await expect(summary(page).getByText("thumbs holds good and bad answers, which DPO does not read")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start run" })).toBeDisabled();
  await formField(page, "data").selectOption({ label: "Film reviews: 3,838 pairs" });
  await expect(page.getByRole("button", { name: "Start run" })).toBeEnabled();
});

test("DA: prompts are imported and looked at, open the form on a method that samples, and are answered by a model", async ({
  page,
}) => {
  await chooseFile(page, "asked.jsonl", jsonLines(questions.map(({ prompt }) => ({ prompt }))));
  await expect(page.getByRole("radio", { name: /^Ready to train on/ })).toBeChecked();
  await expect(page.getByRole("radio", { name: /^To annotate/ })).toBeDisabled();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(imported(page)).toContainText("12 prompts imported as asked");
  await imported(page).getByRole("link", { name: "Open records" }).click();
  await page.getByLabel("Search records").fill("7 + 7");
  await expect(page.getByRole("main").getByRole("status")).toHaveText("1 of 12 records");
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "method")).toHaveValue("ppo");
  await expect(page.getByText("Here: 12 prompts.")).toBeVisible();
  await formField(page, "method").selectOption("DPO");
  await expect(
    summary(page).getByText("asked holds prompts, which DPO does not read: it learns from labelled pairs or rankings."),
  ).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "Generate responses" }).click();
  await expect(page.getByLabel("Prompts from").locator("option:checked")).toHaveText("asked");
});

test("two datasets are mixed by weight and a third is evaluated on; the draft, the run and its clone keep all three", {
  tag: "@long",
}, async ({ page }) => {
  for (const [i, name] of ["mixed-a", "mixed-b", "mixed-eval"].entries()) {
    const rows = questions.slice(0, 4).map((row) => ({ ...row, prompt: `${row.prompt} (${i})` }));
    await page.request.post(`/api/labelled?name=${name}`, { data: jsonLines(rows) });
  }
  await page.goto("/datasets");
  await page
    .getByRole("row", { name: /mixed-a/ })
    .getByRole("link", { name: "Train on this dataset" })
    .click();
  await page.getByRole("button", { name: "Mix in another dataset" }).click();
  await page.getByLabel(/^Dataset 2/).selectOption({ label: "mixed-b: 4 labelled pairs" });
  await page.getByLabel("Weight of Training pairs").fill("0");
  await expect(summary(page).getByText("weights are more than 0 and at most 100")).toBeVisible();
  await page.getByLabel("Weight of Training pairs").fill("2");
  await page.getByLabel("Evaluation data").selectOption({ label: "mixed-eval: 4 labelled pairs" });
  await expect(page.getByText(/over 12 pairs/)).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.reload();
  await expect(page.getByLabel("Weight of Training pairs")).toHaveValue("2");
  await startRun(page);
  await openTab(page, "Logs");
  const log = page.getByRole("region", { name: "Log" });
  await expect(log.getByText(/training on \d+ rows, 4 held out/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 120_000 });
  await openTab(page, "Data");
  await expect(page.getByText("2 × mixed-a, as imported + mixed-b, as imported")).toBeVisible();
  await page.getByRole("link", { name: "Clone" }).click();
  await expect(page.getByLabel("Weight of Training pairs")).toHaveValue("2");
  await expect(page.getByLabel("Evaluation data").locator("option:checked")).toHaveText("mixed-eval: 4 labelled pairs");
});

test("DA: solutions labelled by step are shown by step, open the form on a process reward model, and a reward model says why it cannot read them", async ({
  page,
}) => {
  const rows = questions.map(({ prompt, chosen, rejected }) => ({
    ...{ prompt, completions: [chosen, rejected], labels: [true, false] },
  }));
  await chooseFile(page, "steps.jsonl", jsonLines(rows));
  await expect(labelled(page)).toBeChecked();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(imported(page)).toContainText("12 solutions labelled by step imported as steps");
  await imported(page).getByRole("link", { name: "Open records" }).click();
  await page.getByText("What is 7 + 7?").click();
  await expect(page.getByRole("article").filter({ hasText: "wrong" }).filter({ hasText: "It is 15." })).toBeVisible();
  await page.getByRole("navigation", { name: "Dataset" }).getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText("Steps that are “wrong”")).toBeVisible();
  await page.getByRole("link", { name: "Train on this dataset" }).click();
  await expect(formField(page, "method")).toHaveValue("prm");
  await formField(page, "method").selectOption("Reward model");
  await expect(
    summary(page).getByText("which Reward model does not read: it scores answers whole, not by step"),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Start run" })).toBeDisabled();
});

test("DA: a labelled file is annotated where that is wanted, and its labels are hidden", async ({ page }) => {
  await enterAs(page, "Sees no label");
  await chooseFile(page, "hidden-labels.jsonl", jsonLines(questions.slice(0, 2)));
  await page.getByRole("radio", { name: /^To annotate/ }).check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const report = page.getByRole("status").filter({ hasText: "2 records added to hidden-labels" });
  await report.getByRole("link", { name: "Annotate" }).click();
  await expect(prompt(page)).toHaveText("Prompt: What is 0 + 0?");
});

test("a file is both labelled and annotated: its labels train at once, stand on the record as import's, and a person's vote counts instead", async ({
  page,
}) => {
  await enterAs(page, "Judges again");
  await chooseFile(page, "both-ways.jsonl", jsonLines(questions.slice(0, 3)));
  await page.getByRole("radio", { name: /^Both/ }).check();
  await expect(page.getByText("can be imported as pairs to annotate that keep their labels.")).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const report = page.getByRole("status").filter({ hasText: "3 records added to both-ways, 3 labels kept" });
  await report.getByRole("link", { name: "Annotate" }).click();
  await listens(page, "What is 0 + 0?");
  await page.keyboard.press("1");
  await expect(prompt(page)).not.toHaveText("Prompt: What is 0 + 0?");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const dataset = /annotate\/(\d+)/.exec(page.url())![1]!;
  await page.goto(`/datasets/${dataset}/records`);
  await expect(page.getByRole("main").getByText("import", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "What is 0 + 0?" }).click();
  const votes = page.getByRole("region", { name: "Annotations (2)" });
  await expect(votes.getByText(/import · .* · label of the file, counts until a person annotates/)).toBeVisible();
  await expect(votes.getByText(/Judges again · /)).toBeVisible();
  const exported = await (await page.request.get(`/api/queues/${dataset}/export`)).text();
  expect(
    exported
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { n_raters: number }).n_raters)
      .sort(),
  ).toEqual([0, 0, 1]);
});

test("U8: what cannot be imported says what was found and what is expected, and Import stays off; an empty file says that it is empty", async ({
  page,
}) => {
  await chooseFile(page, "notes.jsonl", jsonLines([{ title: "a", body: "b" }]));
  const preview = page.getByRole("region", { name: "Import preview" });
  await expect(preview).toContainText("No row of the file can be imported");
  await expect(preview).toContainText("Columns found: title, body");
  await expect(preview).toContainText("prompt, chosen, rejected");
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await chooseFile(page, "empty.jsonl", "");
  await expect(page.getByText("empty.jsonl is empty: it has no rows.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import", exact: true })).toHaveCount(0);
});

test("U6, U7, DA: a .json array of ShareGPT pairs is read, told by its layout, and trained on", async ({ page }) => {
  const rows = questions.map(({ prompt, chosen, rejected }) => ({
    conversations: [{ from: "human", value: prompt }],
    chosen: { from: "gpt", value: chosen },
    rejected: { from: "gpt", value: rejected },
  }));
  await chooseFile(page, "sharegpt.json", JSON.stringify(rows, null, 2));
  await expect(labelled(page)).toBeChecked();
  await expect(page.getByText("Layout: ShareGPT with a pair.")).toBeVisible();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(imported(page)).toContainText("12 labelled pairs imported as sharegpt");
  await imported(page).getByRole("link", { name: "Train on this dataset" }).click();
  await startRun(page);
  expect(await rowsOf(page)).toBe(12);
});

test("U4: a dataset that came with its labels has pages of its own: rows with search, statistics, where it came from, export, and what can be done with it", async ({
  page,
}) => {
  await enterAs(page, "Looks closer");
  await chooseFile(page, "own-page.jsonl", jsonLines(questions));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await imported(page).getByRole("link", { name: "Open records" }).click();
  const status = page.getByRole("main").getByRole("status");
  await expect(status).toHaveText("12 of 12 records");
  await page.getByLabel("Search records").fill("is 14");
  await expect(status).toHaveText("1 of 12 records");
  await page.getByText("What is 7 + 7?").click();
  await expect(page.getByRole("article").filter({ hasText: "better" })).toContainText("It is 14.");
  await expect(page).toHaveURL(/q=is\+14/);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("navigation", { name: "Dataset" }).getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText(/^Added by Looks closer/)).toBeVisible();
  await expect(page.getByText("own-page.jsonl")).toBeVisible();
  await expect(page.getByText("Answers that are “better”")).toBeVisible();
  await page.getByRole("link", { name: "Export", exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("own-page.jsonl");
  await page.getByRole("navigation", { name: "Dataset" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Own pages");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Own pages" })).toBeVisible();
  await page.getByRole("button", { name: "Duplicate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Own pages (copy)" })).toBeVisible();
  await page.getByRole("navigation", { name: "Dataset" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/datasets$/);
  await expect(page.getByRole("link", { name: "Own pages", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Own pages (copy)", exact: true })).toHaveCount(0);
});
