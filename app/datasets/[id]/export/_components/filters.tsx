import { useId } from "react";
import type { ExportFilter } from "@/lib/datasets/snapshots/export-filter";

interface Props {
  filter: ExportFilter;
  /** Whether the records are single answers, of which none is preferred by any strength. */
  single: boolean;
  onChange: (filter: ExportFilter) => void;
}

const limits: {
  name: Exclude<keyof ExportFilter, "records">;
  label: string;
  options: [value: number, label: string][];
}[] = [
  {
    name: "strength",
    label: "Strength",
    options: [
      [0, "any"],
      [2, "slightly better and up"],
      [3, "clearly better and up"],
      [4, "much better"],
    ],
  },
  {
    name: "raters",
    label: "Annotators per record",
    options: [
      [0, "any"],
      [2, "2 or more"],
      [3, "3 or more"],
      [5, "5 or more"],
    ],
  },
  {
    name: "probability",
    label: "Label probability",
    options: [
      [0, "any"],
      [0.6, "60 % and up"],
      [0.8, "80 % and up"],
      [0.9, "90 % and up"],
      [0.95, "95 % and up"],
    ],
  },
];

/** Leaves out what annotators are less sure of. */
export function Filters({ filter, single, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex flex-wrap gap-4">
      {limits
        .filter(({ name }) => !single || name !== "strength")
        .map(({ name, label, options }) => (
          <div key={name}>
            <label htmlFor={`${id}-${name}`} className="mb-1 block text-soft text-xs">
              {label}
            </label>
            <select
              id={`${id}-${name}`}
              value={filter[name] ?? 0}
              onChange={(event) => onChange({ ...filter, [name]: Number(event.target.value) })}
              className="rounded-md border bg-canvas px-2 py-1.5"
            >
              {options.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </div>
        ))}
    </div>
  );
}
