// Forms of an export, and what each is for.
import type { ExportName } from "@/lib/datasets/snapshots/export-filter";
import type { Question } from "@/spec/queue-options";

export interface Form {
  rows: ExportName;
  name: string;
  about: string;
  /** What it counts. */
  unit: string;
  /** Whether it holds preference pairs, which can be limited to the surer ones. */
  filtered: boolean;
}

const pairForms: Form[] = [
  {
    rows: "pairs",
    name: "TRL, OpenRLHF",
    about: "preference pairs with strength, number of annotators, label probability and reasons",
    unit: "pairs",
    filtered: true,
  },
  {
    rows: "kto",
    name: "KTO",
    about: "single answers labelled good or bad, including ties and both-bad records",
    unit: "answers",
    filtered: true,
  },
  {
    rows: "llama-factory",
    name: "LLaMA-Factory",
    about: "preference pairs as ShareGPT rows",
    unit: "pairs",
    filtered: true,
  },
  {
    rows: "llama-factory-info",
    name: "dataset_info.json",
    about: "the dataset entry that LLaMA-Factory needs",
    unit: "pairs",
    filtered: false,
  },
  {
    rows: "parquet",
    name: "Parquet",
    about: "preference pairs with column types, for datasets and TRL",
    unit: "pairs",
    filtered: true,
  },
  { rows: "csv", name: "CSV", about: "preference pairs as a table", unit: "pairs", filtered: true },
  { rows: "card", name: "Dataset card", about: "how the records were annotated", unit: "pairs", filtered: false },
  {
    rows: "rankings",
    name: "Rankings",
    about: "all answers of a record with their ranks, for listwise DPO",
    unit: "records",
    filtered: false,
  },
  {
    rows: "rewrites",
    name: "Rewrites",
    about: "answers that annotators wrote themselves, for SFT",
    unit: "answers",
    filtered: false,
  },
  {
    rows: "events",
    name: "Events",
    about: "every vote, undo, decision, exclusion, return, change of settings and comment, with annotator and time",
    unit: "events",
    filtered: false,
  },
  {
    rows: "items",
    name: "All records",
    about: "annotated or not; the models' names only where you have voted, the answers of gold records never",
    unit: "records",
    filtered: false,
  },
];

/** Of single answers, which make no pairs and no rankings. */
const singleForms: Form[] = pairForms
  .filter(({ rows }) => ["kto", "parquet", "csv", "card", "rewrites", "events", "items"].includes(rows))
  .map((form) => ({
    ...form,
    ...(form.rows === "kto" && {
      name: "TRL (KTO)",
      about: "answers labelled good or bad, with number of annotators, label probability and reasons",
    }),
    ...(form.rows === "parquet" && { about: "the same with column types, for datasets and TRL", unit: "answers" }),
    ...(form.rows === "csv" && { about: "the same as a table", unit: "answers" }),
    ...(form.rows === "card" && { unit: "answers" }),
  }));

/** Of solutions: their steps, and each as a whole, good where every step is right. */
const stepForms: Form[] = [
  {
    rows: "stepwise",
    name: "TRL (stepwise)",
    about: "steps with a label each, up to the first wrong one, for process reward models",
    unit: "solutions",
    filtered: true,
  },
  ...singleForms.map((form) => (form.rows === "card" ? { ...form, unit: "solutions" } : form)),
];

export const formsFor: Record<Question, Form[]> = { compare: pairForms, single: singleForms, steps: stepForms };
