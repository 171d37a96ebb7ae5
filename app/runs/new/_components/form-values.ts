// Between the form's flat values and run files, and what the form says of them.

import { methods } from "@/lib/runs/methods";
import type { TrainingSet } from "@/lib/runs/run-schema";
import { type Method, samples, strayField } from "@/spec/config";
import { suits } from "@/spec/label-kinds";
import { leavesOf } from "@/spec/paths";
import { type Field, fieldsOf } from "./fields";

export type Values = Record<string, unknown>;

// react-hook-form reads dots as nesting; our paths are flat names.
export const inputName = (path: string) => path.replaceAll(".", "/");
export const byPath = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll("/", "."), value]));

export function startValues(fields: Field[], config: Record<string, unknown>): Values {
  const given = leavesOf(config);
  // null switches off what is on by default, such as clipping: it is a value, and not the absence of one
  const start = ({ path, initial }: Field) => (Object.hasOwn(given, path) ? given[path] : initial) ?? "";
  return Object.fromEntries(fields.map((field) => [inputName(field.path), start(field)]));
}

/** Throws where typed text names what the form cannot hold. Where data and results lie is the server's. */
export function requireFields(typed: Record<string, unknown>): void {
  if (!Object.hasOwn(methods, String(typed.method)))
    throw new Error(`method is one of ${Object.keys(methods).join(", ")}`);
  const known = new Set([
    "method",
    "configVersion",
    "output",
    "data.train",
    ...fieldsOf(typed.method as Method).map(({ path }) => path),
  ]);
  const unknown = Object.keys(leavesOf(typed)).filter((path) => !known.has(path));
  const words = (path: string) => {
    const said = strayField(String(typed.method), path.split(".")[0]!);
    return said === null ? `no field of this form: ${path}` : `${path}: ${said}`;
  };
  if (unknown.length > 0) throw new Error(unknown.map(words).join("; "));
}

export const matches = ({ label, path, help }: Field, search: string) =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${label} ${path} ${help}`.toLowerCase().includes(word));

export const isChanged = ({ initial }: Field, value: unknown) => String(value ?? "") !== String(initial ?? "");

/** What a method learns from in a set, one by one: a pair is two answers to KTO, a ranking is several pairs to DPO. */
export function learned(method: Method, { holds, rows, pairs }: TrainingSet): { count: number; words: string } {
  if (samples({ method })) return { count: rows, words: "prompts" };
  if (method === "kto") return { count: holds === "pairs" ? 2 * rows : rows, words: "answers" };
  if (method === "sft") return { count: rows, words: holds === "pairs" ? "chosen answers" : "answers" };
  if (method === "listwise" && holds === "rankings") return { count: rows, words: "rankings" };
  return { count: pairs, words: "pairs" };
}

export const dataLabel = (method: Method): string =>
  samples({ method }) ? "Prompts" : ["kto", "listwise", "sft"].includes(method) ? "Training data" : "Training pairs";

/** What the chosen set has for a method. */
export function rowWords(method: Method, set: TrainingSet | undefined): string {
  if (!set || set.rows === 0 || !suits(method, set.holds)) return "";
  const { count, words } = learned(method, set);
  const needs = samples({ method }) ? " Needs something that scores; a reward model can be trained first." : "";
  return `Here: ${count.toLocaleString("en")} ${words}.${needs}`;
}
