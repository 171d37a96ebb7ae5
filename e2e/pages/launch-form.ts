// The launch form's fields by their labels.
import type { Locator, Page } from "@playwright/test";

const labels = {
  name: "Run name",
  method: "Method",
  data: /^Training (pairs|data)/, // its element holds the options too
  maxSteps: "Max steps",
  batchSize: "Batch size",
  maxLength: "Max length",
  learningRate: "Learning rate",
  evalEvery: "Evaluation steps",
  sampleEvery: "Sampling interval",
  samplePrompts: "Evaluation prompts",
  saveEvery: "Save steps",
  adapterType: "Adapter type",
  rollouts: "Rollouts per update",
  rounds: "Rounds",
  promptsPerRound: "Prompts per round",
  askPeople: "Human judges (queue)",
  desirableWeight: "Desirable weight",
  centring: "Center rewards coefficient",
} as const;
export type FormField = keyof typeof labels;

export const formField = (page: Page, field: FormField): Locator => page.getByLabel(labels[field], { exact: true });

export async function fillForm(page: Page, values: Partial<Record<FormField, string>>): Promise<void> {
  for (const [field, value] of Object.entries(values)) await formField(page, field as FormField).fill(value);
}

/** Nothing measured on the way: for runs whose results are not the point. */
export async function withoutEvaluation(page: Page): Promise<void> {
  await openAdvanced(page);
  await fillForm(page, { evalEvery: "", sampleEvery: "" });
}

export const openAdvanced = (page: Page) => page.getByText("Advanced", { exact: true }).click();
export const startRun = (page: Page) => page.getByRole("button", { name: "Start run" }).click();
