// Models that do not come with the workbench: a folder or a .gguf file, named by its path.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { enterAs } from "./pages/annotate";
import { modelsFolder } from "./pages/models";

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
  await page.getByLabel("Name of the run").fill(name);
  await page.getByText("Advanced", { exact: true }).click();
  for (const [label, value] of [
    ["Step limit", "2"],
    ["Evaluate every", ""],
    ["Answer every", ""],
  ] as const)
    await page.getByLabel(label, { exact: true }).fill(value);
  await model(page).fill(path);
}

test("U30, B7, DB: the path of a model's folder is told what it is as it is typed, a run is made of it and ends, and its clone shows it", async ({
  page,
}) => {
  const folder = copyOfTiny("my-tiny");
  await page.goto("/runs/new");
  await runOn(page, "On a folder", folder);
  await expect(page.getByText(/^A folder: llama, 1\.3 M parameters, \d+ layers/)).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 180_000 });
  await page.getByRole("link", { name: "Clone" }).click();
  await expect(model(page)).toHaveValue(folder);
  await model(page).click();
  const suggestions = page.getByRole("listbox", { name: "Models" });
  await expect(suggestions.getByRole("option")).toHaveText([/^tiny/, /^smollm2-135m-instruct/, /my-tiny/]);
  await suggestions.getByRole("option", { name: /^tiny/ }).click();
  await expect(model(page)).toHaveValue("tiny");
  await expect(suggestions).toBeHidden();
});

test("U30, DB: a .gguf file that `workbench export` made is trained on like a folder", async ({ page }) => {
  const file = join(modelsFolder, "exported.gguf");
  execFileSync(process.execPath, ["--import", "tsx", join("trainers", "cli.ts"), "export", "tiny", file]);
  await page.goto("/runs/new");
  await runOn(page, "On a .gguf file", file);
  await expect(page.getByText(/^A \.gguf file: llama, 1\.3 M parameters/)).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible({ timeout: 180_000 });
});

test("U30, DB: what is no model is said at the field; a folder that is not allowed says how to allow it", async ({
  page,
}) => {
  const folder = copyOfTiny("mistral");
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), model_type: "mistral" }));
  await page.goto("/runs/new");
  await model(page).fill(folder);
  await expect(page.getByText(/model_type "mistral"/)).toBeVisible();
  await expect(model(page)).toHaveAttribute("aria-invalid", "true");
  await model(page).fill(join(modelsFolder, "nowhere"));
  await expect(page.getByText(/nowhere; give a folder in Hugging Face layout or a \.gguf file/)).toBeVisible();
  await model(page).fill(copyOfTiny("elsewhere", mkdtempSync(join(tmpdir(), "workbench-forbidden-"))));
  await expect(page.getByText(/WORKBENCH_FOLDERS=.* npm start/)).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "WORKBENCH_FOLDERS" })).toBeVisible();
  await expect(page).toHaveURL(/runs\/new/);
});

test("U30: the list of models is worked from the keyboard, and Enter in it starts no run", async ({ page }) => {
  await page.goto("/runs/new");
  await model(page).fill("smol");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: /^smollm2/ })).toHaveAttribute("aria-selected", "true");
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(model(page)).toHaveValue("smollm2-135m-instruct");
  await expect(page).toHaveURL(/runs\/new/);
});

test("U30, DB: fresh pairs are written by a model that is named by its path", async ({ page }) => {
  await enterAs(page, "Writes with a folder");
  const folder = copyOfTiny("writer");
  await page.goto("/data");
  await page.getByLabel("First answer by").selectOption("another model, by its path");
  await model(page).fill(folder);
  await expect(page.getByText(/^A folder: llama/)).toBeVisible();
  await page.getByLabel("Prompts of").selectOption("film-reviews");
  await page.getByLabel("Into queue").fill("Reviews by a folder");
  await page.getByLabel("Prompts", { exact: true }).fill("2");
  await page.getByLabel("Longest answer").fill("96");
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await expect(page.getByRole("status")).toHaveText(/Reviews by a folder: 2 of 2 prompts/, { timeout: 120_000 });
});
