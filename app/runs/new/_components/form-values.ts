// Between the form's flat values and run files, and what the form says of them.

import type { TrainingSet } from "@/lib/runs/run-schema";
import type { Method } from "@/spec/config";
import { allMethods, isMethod, methodOf } from "@/spec/methods/all";
import { strayField } from "@/spec/methods/schemas";
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
  const method = String(typed.method);
  if (!isMethod(method)) throw new Error(`method is one of ${allMethods.map(({ name }) => name).join(", ")}`);
  const known = new Set([
    "method",
    "configVersion",
    "output",
    "data.train",
    ...fieldsOf(method).map(({ path }) => path),
  ]);
  const unknown = Object.keys(leavesOf(typed)).filter((path) => !known.has(path));
  const words = (path: string) => {
    const said = strayField(method, path.split(".")[0]!);
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

/** What the chosen set has for a method. */
export function rowWords(method: Method, set: TrainingSet | undefined): string {
  const { reads, counted, onPolicy } = methodOf({ method });
  if (!set || set.rows === 0 || !reads.includes(set.holds)) return "";
  const { count, words } = counted(set);
  const needs = onPolicy ? " Needs something that scores; a reward model can be trained first." : "";
  return `Here: ${count.toLocaleString("en")} ${words}.${needs}`;
}
