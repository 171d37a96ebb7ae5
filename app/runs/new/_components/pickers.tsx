import { setKey, type TrainingSet } from "@/lib/runs/run-schema";
import { kindWords } from "@/spec/label-kinds";

export const setWords = ({ kind, holds }: TrainingSet): string =>
  ({
    sample: "pairs",
    queue: holds === "pairs" ? "annotated pairs" : kindWords[holds],
    rewrites: "rewrites",
    labelled: kindWords[holds],
  })[kind];

export function DataSelect({
  label,
  sets,
  value,
  onChange,
}: {
  label: string;
  sets: TrainingSet[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="grid gap-1">
      <span className="font-medium">{label}</span>
      <select
        id="field-data.train"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 rounded-md border bg-canvas px-3 py-2"
      >
        {sets.map((set) => (
          <option key={setKey(set)} value={setKey(set)}>
            {set.name}: {set.rows.toLocaleString("en")} {setWords(set)}
          </option>
        ))}
      </select>
    </label>
  );
}
