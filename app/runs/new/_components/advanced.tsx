import { type ReactNode, useState } from "react";
import type { Problem } from "@/spec/errors";
import type { Field } from "./fields";
import { isChanged, matches, type Values } from "./form-values";

interface Props {
  fields: Field[];
  /** By path. */
  values: Values;
  problems: Problem[];
  input: (field: Field) => ReactNode;
}

/** Every other field: folded until one of them is wrong, found by its words. */
export function Advanced({ fields, values, problems, input }: Props) {
  const [search, setSearch] = useState("");
  const found = fields.filter((field) => matches(field, search));
  const unusual = fields.filter((field) => isChanged(field, values[field.path]));
  const wrong = problems.some(({ path }) => fields.some((field) => field.path === path));
  return (
    <details className="rounded-md border bg-surface p-4" open={wrong || undefined}>
      <summary className="font-semibold">
        <span>Advanced</span>
        {unusual.length > 0 && (
          <span className="numbers font-normal text-soft text-xs"> · {unusual.length} changed</span>
        )}
      </summary>
      <input
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        placeholder="Find a field"
        aria-label="Find a field"
        className="mt-3 w-full rounded-md border bg-canvas px-3 py-1.5"
      />
      <div className="mt-3 grid gap-4 sm:grid-cols-2">{found.map(input)}</div>
      {found.length === 0 && <p className="text-soft">No matching field.</p>}
    </details>
  );
}
