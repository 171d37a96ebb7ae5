import { Plus, X } from "lucide-react";
import { readValues, type SweepInput, sizeOf } from "@/lib/runs/sweep-values";
import type { Problem } from "@/spec/errors";
import { type Nested, withValue } from "@/spec/paths";
import { Button } from "../../../ui/buttons";
import { EarlyStopping, type HalvingForm, readHalving } from "./early-stopping";
import type { Field } from "./fields";

/** As it stands in the form: values are text. */
export interface SweepForm {
  rows: { path: string; text: string }[];
  draws: string;
  /** Whether runs that are behind are stopped early, and how. */
  halving: HalvingForm | null;
}
export const noSweep: SweepForm = { rows: [], draws: "", halving: null };

/** What is sent, or what is wrong with it; null without rows. */
export function readSweep({ rows, draws, halving }: SweepForm): { sweep: SweepInput } | { problem: string } | null {
  if (rows.length === 0) return null;
  const fields: SweepInput["fields"] = {};
  for (const { path, text } of rows) {
    const values = readValues(text);
    if (values === null)
      return { problem: `${path}: separate the values by commas, or write a range like "1e-5 to 1e-3"` };
    fields[path] = values;
  }
  const count = draws === "" ? null : Number(draws);
  if (count !== null && !(Number.isInteger(count) && count > 0))
    return { problem: "the number of random samples must be a whole number" };
  const range = Object.entries(fields).find(([, values]) => !Array.isArray(values));
  if (range && count === null) return { problem: `${range[0]}: a range needs a number of random samples` };
  if (halving === null) return { sweep: { fields, draws: count } };
  const read = readHalving(halving);
  return "problem" in read ? read : { sweep: { fields, draws: count, halving: read } };
}

/** The first value that its field would not take, in a sentence; null where the schema of runs takes them all. */
export function sweepProblem(
  { fields }: SweepInput,
  config: Nested,
  problemsOf: (config: Nested) => Problem[],
  nameOf: (path: string) => string,
): string | null {
  for (const [path, choice] of Object.entries(fields))
    for (const value of Array.isArray(choice) ? choice : [choice.low, choice.high]) {
      const problem = problemsOf(withValue(config, path, value)).find((one) => one.path === path);
      if (problem) return `${nameOf(path)}: ${value} ${problem.message}`;
    }
  return null;
}

interface Props {
  sweep: SweepForm;
  set: (sweep: SweepForm) => void;
  fields: Field[];
  /** As read, and checked. */
  read: ReturnType<typeof readSweep>;
}

/** One run for each combination of values, or for each of some random samples. */
export function Sweep({ sweep, set, fields, read }: Props) {
  const { rows, draws } = sweep;
  const change = (at: number, row: Partial<SweepForm["rows"][number]>) =>
    set({ ...sweep, rows: rows.map((one, i) => (i === at ? { ...one, ...row } : one)) });
  return (
    <details open={rows.length > 0 || undefined}>
      <summary className="text-soft">Sweep</summary>
      <ul className="mt-2 grid gap-2">
        {rows.map(({ path, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
          <li key={i} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-1.5">
            <select
              aria-label={`Swept field ${i + 1}`}
              value={path}
              onChange={(event) => change(i, { path: event.target.value })}
              className="rounded-md border bg-canvas px-2 py-1"
            >
              {fields.map((field) => (
                <option key={field.path} value={field.path}>
                  {field.label} ({field.path})
                </option>
              ))}
            </select>
            <input
              aria-label={`Values of field ${i + 1}`}
              value={text}
              placeholder="1, 2, 3 or 1e-5 to 1e-3"
              onChange={(event) => change(i, { text: event.target.value })}
              className="numbers rounded-md border bg-canvas px-2 py-1"
            />
            <Button
              kind="quiet"
              aria-label={`Remove field ${i + 1}`}
              onClick={() => set({ ...sweep, rows: rows.filter((_, at) => at !== i) })}
            >
              <X size={14} aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button onClick={() => set({ ...sweep, rows: [...rows, { path: "seed", text: "" }] })}>
          <Plus size={14} aria-hidden /> Field
        </Button>
        {rows.length > 0 && (
          <label className="flex items-center gap-1.5 text-xs">
            Random samples
            <input
              value={draws}
              placeholder="all"
              inputMode="numeric"
              onChange={(event) => set({ ...sweep, draws: event.target.value })}
              className="numbers w-14 rounded-md border bg-canvas px-2 py-1"
            />
          </label>
        )}
        {read && (
          <span className={`numbers text-xs ${"sweep" in read ? "" : "text-bad"}`} role="status">
            {"sweep" in read ? `${sizeOf(read.sweep)} runs` : read.problem}
          </span>
        )}
      </div>
      {rows.length > 0 && <EarlyStopping halving={sweep.halving} set={(halving) => set({ ...sweep, halving })} />}
    </details>
  );
}
