// Fields of configs by the labels that the launch form has for them.
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { allMethods, methodOf } from "@/spec/methods/all";
import { fieldsOf } from "../../runs/new/_components/fields";

const always: [string, string][] = [
  ["method", "Method"],
  ["data.train", "Data"],
];

/** Labels of every field of the runs' methods, by dotted path. */
export function labelsOf(runs: Pick<ComparedRun, "method" | "config">[]): Map<string, string> {
  const known = allMethods.filter(({ name }) => runs.some(({ method }) => method === name));
  const adapters = [...new Set(runs.map(({ config }) => config["adapter.type"]))];
  const fields = known.flatMap(({ name }) => adapters.flatMap((adapter) => fieldsOf(name, adapter)));
  return new Map([...fields.map(({ path, label }): [string, string] => [path, label]), ...always]);
}

/** With its method, where only that has the field; a field that the form does not have, by its path. */
export function labelOf(labels: Map<string, string>, path: string): string {
  const label = labels.get(path);
  const [owner] = path.split(".");
  const method = allMethods.find(({ name }) => name === owner);
  return label === undefined ? path : method ? `${label} (${methodOf({ method: method.name }).label})` : label;
}
