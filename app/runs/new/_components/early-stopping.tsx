import { type Halving, halving as schema } from "@/spec/halving";
import { type MetricName, metrics, rankable } from "@/spec/metrics/catalogue";

/** As it stands in the form: numbers are text. */
export interface HalvingForm {
  metric: MetricName;
  firstRung: string;
  factor: string;
}
const usual: HalvingForm = { metric: "eval_loss", firstRung: "", factor: "3" };

/** What is sent, or what is wrong with it. */
export function readHalving({ metric, firstRung, factor }: HalvingForm): Halving | { problem: string } {
  const read = schema.safeParse({ metric, firstRung: numberIn(firstRung), factor: numberIn(factor) });
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  return { problem: `${labels[path[0] as keyof HalvingForm]}: ${message}` };
}

const numberIn = (text: string) => (text.trim() === "" ? null : Number(text));

const labels: Record<keyof HalvingForm, string> = {
  metric: "Ranked by",
  firstRung: "First compared at step",
  factor: "One of so many goes on",
};

interface Props {
  halving: HalvingForm | null;
  set: (halving: HalvingForm | null) => void;
}

/** Asynchronous successive halving of a sweep (ASHA). */
export const EarlyStopping = ({ halving, set }: Props) => (
  <div className="mt-3 grid grid-cols-1 gap-2">
    <label className="flex items-center gap-2">
      <input
        type="checkbox"
        checked={halving !== null}
        onChange={(event) => set(event.target.checked ? usual : null)}
      />
      Stop weak runs early (ASHA)
    </label>
    {halving && (
      <>
        <label className="grid min-w-0 grid-cols-1 gap-1 text-xs">
          {labels.metric}
          <select
            value={halving.metric}
            onChange={(event) => set({ ...halving, metric: event.target.value as MetricName })}
            className="rounded-md border bg-canvas px-2 py-1"
          >
            {rankable.map((name) => (
              <option key={name} value={name}>
                {metrics[name].label} ({name})
              </option>
            ))}
          </select>
        </label>
        <div className="grid grid-cols-2 gap-2">
          {(["firstRung", "factor"] as const).map((name) => (
            <label key={name} className="grid min-w-0 grid-cols-1 content-end gap-1 text-xs">
              {labels[name]}
              <input
                value={halving[name]}
                inputMode="numeric"
                onChange={(event) => set({ ...halving, [name]: event.target.value })}
                className="numbers rounded-md border bg-canvas px-2 py-1"
              />
            </label>
          ))}
        </div>
        <p className="text-soft text-xs">
          Every run trains to the first step; the best of those that came as far train on, each time{" "}
          {halving.factor || "so many"} times as far. Runs that differ by their seed alone count by their mean. It needs
          evaluations at these steps.
        </p>
      </>
    )}
  </div>
);
