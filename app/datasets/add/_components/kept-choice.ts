// What somebody chose for an upload, kept in this tab so that loading the page again loses nothing of it.
import { z } from "zod";
import { importForms } from "@/lib/datasets/imports/import-schema";
import { questions } from "@/spec/queue-options";
import { rowMapping } from "@/spec/row-mapping";

const choice = z.object({
  /** The dataset's name; null where nobody typed one. */
  typed: z.string().nullable(),
  mapping: rowMapping.nullable(),
  as: z.enum(importForms).nullable(),
  question: z.enum(questions).nullable(),
});
export type Choice = z.infer<typeof choice>;

export const noChoice: Choice = { typed: null, mapping: null, as: null, question: null };

const keyOf = (upload: string) => `upload/${upload}`;

export function keepChoice(upload: string, chosen: Choice): void {
  sessionStorage.setItem(keyOf(upload), JSON.stringify(chosen));
}

/** Null where nothing is kept, or what is kept is of another version. */
export function keptChoice(upload: string): Choice | null {
  const text = sessionStorage.getItem(keyOf(upload));
  return text === null ? null : (choice.safeParse(JSON.parse(text)).data ?? null);
}
