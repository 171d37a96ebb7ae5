// What the form's lists offer.
import type { KnownModel } from "@/lib/models/models-schema";
import { type RunSummary, type TrainingSet, trainFirst } from "@/lib/runs/run-schema";
import { isOfExperts } from "@/spec/adapters/common";
import { methodOf } from "@/spec/methods/all";
import { bundledModel } from "@/spec/models";
import type { Option } from "./field-input";
import { adapterType, type Field, machineField, noAdapter } from "./fields";

const waiting = ({ status }: RunSummary) => status === "queued" || status === "running";

interface Offered {
  runs: RunSummary[];
  sets: TrainingSet[];
  models: KnownModel[];
  /** Names of other machines. */
  machines: string[];
  /** Names of them. */
  endpoints: string[];
  /** Of the chosen datasets. */
  criteria: { name: string; pairs: number }[];
}

export function optionsOf(
  field: Field,
  { runs, sets, models, machines, endpoints, criteria }: Offered,
  value: unknown,
): Option[] {
  const { takes } = field;
  if (field.path === machineField) return machines.map((name) => ({ value: name, label: name }));
  if (takes === "criterion") return ratedOn(criteria, value);
  if (takes === "queue")
    return [
      { value: "new", label: "a new dataset for this run" },
      ...sets.flatMap(({ kind, id, name }) => (kind === "queue" ? [{ value: String(id), label: name }] : [])),
    ];
  if (takes === "reward-model" || takes === "scorer")
    return [
      ...(takes === "reward-model" ? [{ value: trainFirst, label: "train one first, on the same data" }] : []),
      ...runs
        .filter((run) => methodOf(run).produces === "reward-model" && (run.status === "finished" || waiting(run)))
        .map((run) => ({
          value: `run:${run.id}`,
          label: `${run.name} (${run.model})${waiting(run) ? ", starts after it has finished" : ""}`,
        })),
      ...models.filter(({ scores }) => scores).map(({ id, name }) => ({ value: id, label: name })),
    ];
  if (takes === "texts") return datasetsOfTexts(sets, value);
  if (takes === "endpoint")
    return withChosen(
      endpoints.map((name) => ({ value: name, label: name })),
      value,
    );
  if (takes === "policy") return adapters(runs, value);
  if (takes === "teacher") {
    const whole = models.filter(
      ({ kind, id, scores }) => kind === "base" && !scores && !bundledModel(id) && !id.endsWith(".gguf"),
    );
    return [...adapters(runs, value), ...whole.map(({ id, name }) => ({ value: id, label: name }))];
  }
  return field.choices.map((choice) => ({
    value: choice,
    label: field.path === adapterType && choice === noAdapter ? "none: every weight is trained" : choice,
  }));
}

/** Those that SFT reads; the version that the form was opened with. */
function datasetsOfTexts(sets: TrainingSet[], value: unknown): Option[] {
  const readable = sets.filter(({ kind, imitated }) => kind === "labelled" && imitated > 0);
  return withChosen(
    readable.map(({ id, name }) => ({ value: `labelled:${id}`, label: name })),
    value,
  );
}

/** With what is chosen, where it is none of them. */
function withChosen(all: Option[], value: unknown): Option[] {
  const isOther = typeof value === "string" && value !== "" && all.every((one) => one.value !== value);
  return isOther ? [...all, { value, label: value }] : all;
}

/** A set of layers, with those of experts only where the model has experts, or where one is chosen, to be taken out again. */
export function offeredLayers(field: Field, value: unknown, hasExperts: boolean): Field {
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const choices = field.choices.filter((name) => hasExperts || !isOfExperts(name) || chosen.includes(name));
  return { ...field, choices };
}

/** None where the datasets have no ratings of their own: the field takes the name of a file's columns. */
function ratedOn(criteria: Offered["criteria"], value: unknown): Option[] {
  const named =
    typeof value === "string" && value !== "" && criteria.every(({ name }) => name !== value) ? [value] : [];
  if (criteria.length === 0) return [];
  return [
    ...criteria.map(({ name, pairs }) => ({
      value: name,
      label: `${name}: decides ${pairs.toLocaleString("en")} pairs`,
    })),
    ...named.map((name) => ({ value: name, label: `${name}: in none of these datasets` })),
  ];
}

/** Runs that left an adapter of a policy; a checkpoint that the form was opened with. */
function adapters(runs: RunSummary[], value: unknown): Option[] {
  const [, id, step] = (typeof value === "string" && /^run:(\w+)@(\d+)$/.exec(value)) || [];
  const fork = runs.find((run) => run.id === id);
  return [
    ...(fork ? [{ value: String(value), label: `${fork.name}, checkpoint of step ${step}` }] : []),
    ...runs
      .filter((run) => methodOf(run).produces === "policy" && run.status === "finished" && run.origin === null)
      .map((run) => ({ value: `run:${run.id}`, label: `${run.name} (${run.model})` })),
  ];
}
