// Between the form's flat values and run files, and what the form says of them.

import type { TrainingSet } from "@/lib/runs/run-schema";
import type { Method } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { allMethods, isMethod, methodOf } from "@/spec/methods/all";
import { strayField } from "@/spec/methods/schemas";
import { leavesOf } from "@/spec/paths";
import { adapterType, type Field, fieldsOf, noAdapter } from "./fields";

export type Values = Record<string, unknown>;

// react-hook-form reads dots as nesting; our paths are flat names.
export const inputName = (path: string) => path.replaceAll(".", "/");
export const byPath = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll("/", "."), value]));

const typeOfAdapter = ({ adapter }: { adapter?: unknown }): unknown =>
  adapter === null ? noAdapter : (adapter as { type?: unknown } | undefined)?.type;

/** What a form of this method holds where a run file is as given; the schema's defaults for the rest. */
export function startValues(method: Method, config: Record<string, unknown>): Values {
  const type = typeOfAdapter(config);
  const given: Values = { ...leavesOf(config), ...(type === noAdapter && { [adapterType]: noAdapter }) };
  // null switches off what is on by default, such as clipping: it is a value, and not the absence of one
  const start = ({ path, initial }: Field) => (Object.hasOwn(given, path) ? given[path] : initial) ?? "";
  return Object.fromEntries(fieldsOf(method, type).map((field) => [inputName(field.path), start(field)]));
}

/** Throws where typed text names what the form cannot hold. Where data and results lie is the server's. */
export function requireFields(typed: Record<string, unknown>): void {
  const method = String(typed.method);
  if (!isMethod(method)) throw new Error(`method is one of ${allMethods.map(({ name }) => name).join(", ")}`);
  const type = typeOfAdapter(typed);
  const known = new Set([
    "method",
    "configVersion",
    "output",
    "data.train",
    ...fieldsOf(method, type).map(({ path }) => path),
    ...(type === noAdapter ? ["adapter"] : []),
  ]);
  const unknown = Object.keys(leavesOf(typed)).filter((path) => !known.has(path));
  const words = (path: string) => {
    const said = strayField(method, path.split(".")[0]!);
    return said === null ? `no field of this form: ${path}` : `${path}: ${said}`;
  };
  if (unknown.length > 0) throw new Error(unknown.map(words).join("; "));
}

/** The same form for another method: what both ask for is kept, the rest begins at the method's defaults. */
export function withMethod(method: Method, values: Values): Values {
  const { produces } = methodOf({ method });
  return {
    ...startValues(method, {}),
    ...values,
    ...(produces === "reward-model" && { [inputName("sampleEvery")]: "" }), // it has no answers to give
  };
}

/** The same form with another type of adapter, whose own fields begin at their defaults. */
export function withAdapterType(method: Method, values: Values, type: string): Values {
  const others = Object.entries(values).filter(([name]) => !name.startsWith(inputName("adapter.")));
  const adapter = type === noAdapter ? null : { type };
  return { ...startValues(method, { adapter }), ...Object.fromEntries(others) };
}

/** Problems at the form's fields: of an adapter that is or is not to be there, at its type. */
export const atFields = (problems: Problem[]): Problem[] =>
  problems.map((problem) => (problem.path === "adapter" ? { ...problem, path: adapterType } : problem));

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
