// The launch form's fields by their labels.
import type { Locator, Page } from "@playwright/test";

const labels = {
  name: "Run name",
  data: /^Training (pairs|data)/, // its element holds the options too
  maxSteps: "Step limit",
  batchSize: "Batch",
  maxLength: "Longest row",
  learningRate: "Learning rate",
  evalEvery: "Evaluate every",
  sampleEvery: "Answer every",
  samplePrompts: "Fixed prompts",
  saveEvery: "Save every",
  rollouts: "Rollouts",
  rounds: "Rounds",
  promptsPerRound: "Prompts a round",
  oracle: "Gold scorer",
  askPeople: "Ask people in queue",
  rewardModel: "Reward model",
  desirableWeight: "Weight of good answers",
  centring: "Centring",
} as const;
export type FormField = keyof typeof labels;

export const formField = (page: Page, field: FormField): Locator => page.getByLabel(labels[field], { exact: true });

export async function fillForm(page: Page, values: Partial<Record<FormField, string>>): Promise<void> {
  for (const [field, value] of Object.entries(values)) await formField(page, field as FormField).fill(value);
}

export const openAdvanced = (page: Page) => page.getByText("Advanced", { exact: true }).click();
export const startRun = (page: Page) => page.getByRole("button", { name: "Start run" }).click();
