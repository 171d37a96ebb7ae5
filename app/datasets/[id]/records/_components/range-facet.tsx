import { useId, useState } from "react";
import type { RangeFacet, RangeName } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { FacetBox } from "./facet-box";

interface Props {
  name: RangeName;
  /** `from..to`, or empty. */
  chosen: string;
  buckets: RangeFacet;
  onExpect: (range: string) => void;
  onChange: (range: string) => void;
}

const titles: Record<RangeName, string> = {
  p: "Label probability",
  gap: "Reward gap",
  length: "Longest response, characters",
  seconds: "Seconds to annotate",
  voted: "Last annotated",
};

/** Buckets with their counts, and any other range by its two ends. */
export function RangeFacetField({ name, chosen, buckets, onExpect, onChange }: Props) {
  const id = useId();
  const [ends, setEnds] = useState(() => chosen.split(".."));
  const [from = "", to = ""] = ends;
  const shown = chosen === "" || buckets.some(({ value }) => value === chosen);
  if (buckets.length === 0 && chosen === "") return null;
  const field = (at: 0 | 1, label: string) => (
    <>
      <label htmlFor={`${id}-${at}`} className="sr-only">
        {titles[name]}: {label}
      </label>
      <input
        id={`${id}-${at}`}
        type={name === "voted" ? "date" : "number"}
        min={name === "voted" ? undefined : 0}
        step={name === "p" || name === "gap" ? "any" : undefined}
        value={ends[at] ?? ""}
        onChange={(event) => setEnds(at === 0 ? [event.target.value, to] : [from, event.target.value])}
        className="numbers w-full min-w-0 rounded-md border bg-canvas px-1.5 py-1 text-xs"
      />
    </>
  );
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-xs">{titles[name]}</legend>
      {buckets.map(({ value, count }) => (
        <FacetBox
          key={value}
          label={rangeWords(name, value)}
          count={count}
          checked={chosen === value}
          onPress={() => onExpect(chosen === value ? "" : value)}
          onToggle={() => onChange(chosen === value ? "" : value)}
        />
      ))}
      <details open={!shown}>
        <summary className="cursor-pointer px-1 text-soft text-xs">Other range</summary>
        <form
          className="mt-1 grid gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            onChange(from === "" && to === "" ? "" : `${from}..${to}`);
          }}
        >
          <div className={name === "voted" ? "grid gap-1" : "flex items-center gap-1"}>
            {field(0, "from")}
            {field(1, "to")}
          </div>
          <Button type="submit" className="min-h-7 px-2 py-0 text-xs">
            Apply
          </Button>
        </form>
      </details>
    </fieldset>
  );
}

function rangeWords(name: RangeName, range: string): string {
  const [from, to] = range.split("..") as [string, string];
  if (name === "voted") return from === to ? from : from.slice(0, 7); // a day, or a month
  if (from === "") return `up to ${to}`;
  return to === "" ? `${from} and more` : `${from} – ${to}`;
}
