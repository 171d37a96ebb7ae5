// Models that do not come with the workbench: a folder or a .gguf file, named by its path.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { findings } from "./pages/axe";
import { fillForm, formField, openAdvanced, withoutEvaluation } from "./pages/launch-form";
import { modelsFolder } from "./pages/models";
import { finishedRun, launchRun } from "./pages/runs";
import { test } from "./pages/test";

test.beforeAll(() => {
  mkdirSync(modelsFolder, { recursive: true });
});

function copyOfTiny(name: string, under = modelsFolder): string {
  const folder = join(under, name);
  cpSync(join("data", "tiny"), folder, { recursive: true });
  return folder;
}

const model = (page: Page) => page.getByRole("combobox", { name: "Model", exact: true });

/** Two steps on the film reviews, from the form with this model. */
async function runOn(page: Page, name: string, path: string): Promise<void> {
  await fillForm(page, { name, maxSteps: "2" });
  await withoutEvaluation(page);
  await model(page).fill(path);
}

test("U30, B7, DB: the path of a model's folder is told what it is as it is typed, a run is made of it and ends, and its clone shows it", {
  tag: "@long",
}, async ({ page }) => {
  const folder = copyOfTiny("my-tiny");
  await page.goto("/runs/new");
  await runOn(page, "On a folder", folder);
  await expect(page.getByText(/^A folder: llama, 1\.3 M parameters, \d+ layers/)).toBeVisible({ timeout: 30_000 }); // beside the estimate of time and memory
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 180_000 });
  await page.getByRole("link", { name: "Clone" }).click();
  await expect(model(page)).toHaveValue(folder);
  await model(page).click();
  const suggestions = page.getByRole("listbox", { name: "Models" });
  await expect(suggestions.getByRole("option").filter({ hasText: "my-tiny" })).toHaveCount(1);
  await suggestions.getByRole("option", { name: /^tiny/ }).click();
  await expect(model(page)).toHaveValue("tiny");
  await expect(suggestions).toBeHidden();
});

test("U30, DB: a .gguf file that `workbench export` made is trained on like a folder", { tag: "@long" }, async ({
  page,
}) => {
  const file = join(modelsFolder, "exported.gguf");
  execFileSync(process.execPath, ["scripts/program.mjs", "trainers/cli.ts", "export-gguf", "tiny", file]);
  await page.goto("/runs/new");
  await runOn(page, "On a .gguf file", file);
  await expect(page.getByText(/^A \.gguf file: llama, 1\.3 M parameters/)).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 180_000 });
});

test("U30, DB: what is no model is said at the field; a folder that is not allowed says how to allow it", async ({
  page,
}) => {
  const folder = copyOfTiny("rwkv");
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), model_type: "rwkv" }));
  await page.goto("/runs/new");
  await model(page).fill(folder);
  const atField = page.locator('[id="field-model.source-help"]');
  await expect(atField).toHaveText(/model_type "rwkv"/);
  await expect(model(page)).toHaveAttribute("aria-invalid", "true");
  await model(page).fill(join(modelsFolder, "nowhere"));
  await expect(atField).toHaveText(/nowhere; give a folder in Hugging Face layout or a \.gguf file/);
  await model(page).fill(copyOfTiny("forbidden", mkdtempSync(join(tmpdir(), "workbench-forbidden-"))));
  await expect(atField).toHaveText(/WORKBENCH_FOLDERS=.* npm start/);
  await page.getByRole("button", { name: "Start run" }).click();
  const summary = page.getByRole("complementary", { name: "Summary" });
  await expect(summary.getByRole("alert")).toContainText("WORKBENCH_FOLDERS");
  await expect(page).toHaveURL(/runs\/new/);
});

test("a mixture's experts are offered among the target modules, and those of a model without experts are not", async ({
  page,
}) => {
  const folder = copyOfTiny("mixture");
  const config = join(folder, "config.json");
  const mixture = { model_type: "olmoe", num_experts: 4, num_experts_per_tok: 2 };
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), ...mixture }));
  await page.goto("/runs/new");
  await openAdvanced(page);
  const layers = page.getByRole("group", { name: "Target modules" });
  await expect(layers.getByLabel("q_proj", { exact: true })).toBeVisible();
  await expect(layers.getByLabel("experts.down_proj")).toHaveCount(0);
  await model(page).fill(folder);
  await layers.getByLabel("experts.down_proj").check();
  await expect(layers).toContainText("experts.… are those of a mixture of experts, each with an update of its own");
  expect(await findings(page)).toEqual([]);
  await model(page).fill("tiny");
  await expect(layers.getByLabel("experts.gate_up_proj")).toHaveCount(0);
  await expect(layers.getByLabel("experts.down_proj")).toBeChecked(); // to be taken out
  await layers.getByLabel("experts.down_proj").click(); // uncheck would look at it afterwards
  await expect(layers.getByLabel("experts.down_proj")).toHaveCount(0);
  await expect(layers.getByLabel("all-linear")).toBeChecked();
});

test("U30: the list of models is worked from the keyboard, and Enter in it starts no run", async ({ page }) => {
  await page.goto("/runs/new");
  await model(page).fill("smol");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: /^smollm2/ })).toHaveAttribute("aria-selected", "true");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(model(page)).toHaveValue("smollm2-135m-instruct");
  await expect(page).toHaveURL(/runs\/new/);
});

test("U30, DB: responses are generated by a model that is named by its path", async ({ page }) => {
  await enterAs(page, "Writes with a folder");
  const folder = copyOfTiny("writer");
  await page.goto("/datasets");
  await page.getByLabel("Model A").selectOption("another model, by path");
  await model(page).fill(folder);
  await expect(page.getByText(/^A folder: llama/)).toBeVisible({ timeout: 30_000 }); // beside the estimate of time and memory
  await page.getByLabel("Model B").selectOption("base:tiny"); // another base
  await page.getByLabel("Prompts from").selectOption("film-reviews");
  await page.getByLabel("Add to dataset").fill("Reviews by a folder");
  await page.getByLabel("Number of prompts").fill("2");
  await page.getByLabel("Max new tokens").fill("96");
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "Reviews by a folder" })).toHaveText(
    /Reviews by a folder: 2 of 2 prompts/,
    {
      timeout: 120_000,
    },
  );
});

test("every model is listed with what it was trained from and on, and is gone on with", { tag: "@long" }, async ({
  page,
}) => {
  const id = await finishedRun(page.request, "Left behind");
  await page.goto("/models");
  await page.getByLabel("Search models").fill("left behind");
  const row = page.getByRole("row", { name: /^Left behind .*Adapter Chat DPO tiny Film reviews [\d.]+ kB/ });
  await expect(row).toBeVisible();
  await expect(row.getByRole("link", { name: "Chat with Left behind" })).toHaveAttribute("href", `/chat?a=${id}`);
  await row.getByRole("link", { name: "Train from Left behind" }).click();
  await expect(page.getByText("Fork of Left behind")).toBeVisible();
  await expect(formField(page, "name")).toHaveValue("Left behind (continued)");
  await expect(page.getByLabel("Start from adapter", { exact: true })).toHaveValue(`run:${id}`);
  await page.goto("/models");
  await page.getByRole("link", { name: "Train from tiny" }).click();
  await expect(formField(page, "name")).toHaveValue(/^tiny, /);
});

test("what a run would need on GPUs stands on its model's page, filled in by the address that a refusal for memory gives", async ({
  page,
}) => {
  await page.goto("/models/tiny?rank=32&quantised=yes&rows=6&tokens=300&recompute=block#gpus");
  const gpus = page.locator("section").filter({ has: page.getByRole("heading", { name: "Training on GPUs" }) });
  await expect(gpus.getByLabel("Training", { exact: true })).toHaveValue("QLoRA", { timeout: 60_000 });
  await expect(gpus.getByLabel("Training", { exact: true })).toContainText("QLoRA, rank 32");
  await expect(gpus.getByLabel("Rows at a time")).toHaveValue("6");
  await expect(gpus.getByLabel("Tokens a row")).toHaveValue("300");
  await expect(gpus.getByLabel("Recompute")).toHaveValue("block");
  await expect(gpus.getByText("Tokens a step1,800")).toBeVisible();
  await expect(gpus).toBeInViewport();
  expect(await findings(page)).toEqual([]);
});

test("a model has a page: what its files say, what it was trained from and what came of it, how it did, and what to do with it", async ({
  page,
}) => {
  const id = await finishedRun(page.request, "Left behind");
  await page.goto("/models");
  await page.getByRole("link", { name: "tiny", exact: true }).click();
  await expect(page.getByRole("heading", { name: "tiny" })).toBeVisible();
  await expect(page.getByText("llama, 1.3 M parameters, 4 layers; 512 tokens of context")).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByLabel("A conversation in its chat template")).toContainText(
    "<|im_start|>assistant\nIt is Paris.",
  );
  await expect(page.getByRole("row", { name: /^English 0\.53 1\.00/ })).toBeVisible();
  await expect(page.getByRole("row", { name: "float32 5 MB" })).toBeVisible();
  const gpus = page.locator("section").filter({ has: page.getByRole("heading", { name: "Training on GPUs" }) });
  await gpus.getByLabel("Tokens a row").selectOption("8,192");
  await gpus.getByLabel("Rows at a time").selectOption("64");
  await expect(gpus.getByText(/^Does not fit: .* It would with: recompute attention\./)).toBeVisible();
  await gpus.getByRole("button", { name: "Apply these changes" }).click();
  await expect(gpus.getByText(/^Fits: /)).toBeVisible();
  await expect(gpus.getByLabel("Recompute")).toHaveValue("attention");
  await expect(page.getByRole("region", { name: "Request" })).toContainText(
    /^curl http:\/\/\S+\/api\/v1\/chat\/completions[\s\S]+"model":"base:tiny"/,
  );
  expect(await findings(page)).toEqual([]);

  await page.getByRole("link", { name: "Chat", exact: true }).last().click(); // not the rail's
  await expect(page.getByRole("heading", { name: "Chat with tiny" })).toBeVisible();
  await page.getByLabel("Message", { exact: true }).fill("Review a film.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("article", { name: "Answer" })).toContainText(/tiny \d+ tokens/, { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Regenerate" })).toBeVisible({ timeout: 60_000 });

  await page.goto("/models/tiny");
  await page.getByRole("link", { name: "Left behind" }).first().click();
  await expect(page).toHaveURL(new RegExp(`/models/${id}$`));
  await expect(page.getByRole("row", { name: /^KL to reference \S+ ± / })).toBeVisible();
  await expect(page.getByRole("link", { name: "Export" })).toHaveAttribute("href", `/runs/${id}/files`);
  await page.getByRole("link", { name: "Generate responses" }).click();
  await expect(page.getByLabel("Model A")).toHaveValue(`run:${id}`);

  await page.goto(`/models/${encodeURIComponent("/no/such/model")}`);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
});

test("the tokenizers of all base models are compared, the smallest vocabulary first", { tag: "@long" }, async ({
  page,
}) => {
  await page.goto("/models");
  await page.getByText("Compare tokenizers").click();
  const table = page.getByRole("region", { name: "Tokenizers: table" });
  // characters a token in English: one by what the model's own page says of tokens a character, 0.53
  await expect(table.getByRole("row", { name: /^tiny 671 8\.4 1\.8\d \d\.\d\d/ })).toBeVisible({ timeout: 120_000 });
  expect(await findings(page)).toEqual([]);
});

test("a chat template is edited beside rows in it, told what is wrong at its line, and saved as a model under the one it is of", {
  tag: "@long",
}, async ({ page }) => {
  await enterAs(page, "Writes templates");
  await page.goto("/models/tiny");
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  const editor = page.getByLabel("Jinja source");
  await expect(editor).toHaveValue(/<\|im_start\|>/, { timeout: 60_000 });
  await page.getByLabel("Dataset").selectOption("sample:film-reviews");
  const rows = page.getByRole("region", { name: "Rows in this template" });
  await expect(rows.getByText(/^Row 1, chosen: \d+ tokens, \d+ trained on/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Save model" })).toBeDisabled(); // it is the model's own

  await page.getByLabel("Replace it with").selectOption("alpaca");
  await expect(rows.getByRole("listitem").first()).toContainText("### Instruction:⏎", { timeout: 30_000 });
  const alpaca = await editor.inputValue();
  await editor.fill(`{# mine #}\n{{ oops | }}\n${alpaca}`);
  await page.getByRole("button", { name: "Line 2" }).click({ timeout: 30_000 });
  await page.keyboard.press("Delete"); // the line is selected
  await expect(editor).toHaveValue(`{# mine #}\n\n${alpaca}`);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("textbox", { name: "Name" }).fill("Tiny, alpaca");
  await page.getByRole("button", { name: "Save model" }).click({ timeout: 30_000 });
  await page.getByRole("link", { name: "Tiny, alpaca" }).click({ timeout: 60_000 });
  await expect(page.getByLabel("A conversation in its chat template")).toContainText("### Response:\nIt is Paris.", {
    timeout: 60_000,
  });
  const lineage = page.getByRole("main").getByRole("listitem");
  await expect(lineage.filter({ hasText: "Tiny, alpaca" })).toBeVisible(); // under tiny
});

test("a model is renamed and deleted with what hangs on it told, and both are taken back", async ({ page }) => {
  await finishedRun(page.request, "Left behind");
  const folder = copyOfTiny("to-be-named");
  await launchRun(page.request, "Made of a folder", { model: { source: folder }, maxSteps: 1 });
  await page.goto("/models");
  await page.getByLabel("Search models").fill("to-be-named");
  const named = (name: string) => page.getByRole("button", { name: `Model name: ${name}. Change` });
  await named(folder).click();
  await page.getByRole("textbox", { name: "Model name" }).fill("My own tiny");
  await page.keyboard.press("Enter");
  await expect(named("My own tiny")).toBeVisible(); // found by its path still
  expect(await findings(page)).toEqual([]);
  await page.goto("/runs/new");
  await model(page).click();
  await expect(page.getByRole("option", { name: "My own tiny" })).toBeVisible();
  await page.goto("/models");
  await page.getByRole("button", { name: "Remove My own tiny from the list" }).click();
  await expect(named("My own tiny")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(named("My own tiny")).toHaveCount(1);

  await page.getByRole("button", { name: "Delete Left behind" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete Left behind?" });
  await expect(dialog).toContainText(/Its curves, samples, log, checkpoints and adapter go: [\d.]+ [kM]B\./);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(named("Left behind")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(named("Left behind")).toHaveCount(1);
});

test("a model that is added by its folder is in the list with what it is, and one that is none says why", async ({
  page,
}) => {
  const folder = copyOfTiny("added-tiny");
  await page.goto("/models");
  const field = page.getByLabel("Add a model");
  await field.fill(join(modelsFolder, "nowhere"));
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator("#new-model-help")).toContainText("nowhere", { timeout: 30_000 });
  await expect(field).toHaveValue(join(modelsFolder, "nowhere"));
  await field.fill(folder);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: folder });
  await expect(row).toContainText(/llama, 1\.3 M parameters.*says “/, { timeout: 60_000 });
  await expect(field).toHaveValue("");
  await row.getByRole("link", { name: /^Train from/ }).click();
  await expect(model(page)).toHaveValue(folder);
  await page.goto("/models");
  await row.getByRole("button", { name: /from the list$/ }).click();
  await expect(row).toBeHidden();
});
