import { RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Problem } from "@/spec/errors";
import { type Field, machineField } from "./fields";
import { isChanged, matches, type Values } from "./form-values";
import { advancedGroups, groupOf } from "./sections";

interface Props {
  fields: Field[];
  /** Names of other machines. */
  machines: string[];
  /** By path. */
  values: Values;
  problems: Problem[];
  input: (field: Field) => ReactNode;
  /** Puts a field back to its default. */
  reset: (field: Field) => void;
}

/** Whether the field asks for nothing here: engines other than the one that is chosen read it, or there is no other machine. */
const isIdle = ({ path }: Field, engine: Values[string], machines: string[]) =>
  path === machineField
    ? machines.length === 0
    : path.startsWith("distributed.") && (engine ?? "workbench") === "workbench";

/** Every other field, in groups: folded until one of them is wrong, searched, or only those that differ from their defaults. */
export function Advanced({ fields, machines, values, problems, input, reset }: Props) {
  const [search, setSearch] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const changed = (field: Field) => isChanged(field, values[field.path]);
  const unusual = fields.filter(changed);
  const apply = fields.filter((field) => changed(field) || !isIdle(field, values.engine, machines));
  const found = (onlyChanged ? unusual : apply).filter((field) => matches(field, search));
  const wrong = problems.some(({ path }) => fields.some((field) => field.path === path));
  return (
    <details className="rounded-md border bg-surface p-4" open={wrong || undefined}>
      <summary className="font-semibold">
        <span>Advanced</span>
        {unusual.length > 0 && (
          <span className="numbers font-normal text-soft text-xs"> · {unusual.length} changed</span>
        )}
      </summary>
      <div className="mt-3 flex flex-wrap items-center gap-4">
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder="Find a field"
          aria-label="Find a field"
          className="min-w-0 flex-1 rounded-md border bg-canvas px-3 py-1.5"
        />
        <label className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.target.checked)}
            className="accent-(--accent)"
          />
          Only changed ({unusual.length})
        </label>
      </div>
      {advancedGroups.map((group) => {
        const own = found.filter((field) => groupOf(field) === group);
        if (own.length === 0) return null;
        return (
          <fieldset key={group} className="mt-4 min-w-0 border-t pt-2">
            <legend className="pr-2 text-soft text-xs">{group}</legend>
            <div className="grid gap-4 sm:grid-cols-2">
              {own.map((field) => (
                <div key={field.path} className="relative min-w-0">
                  {input(field)}
                  {changed(field) && (
                    <button
                      type="button"
                      onClick={() => reset(field)}
                      aria-label={`Reset ${field.label} to its default`}
                      title={`Default: ${String(field.initial ?? "") || "not set"}`}
                      className="absolute top-0 right-0 rounded p-1 text-soft hover:bg-raised hover:text-ink"
                    >
                      <RotateCcw size={13} aria-hidden />
                    </button>
                  )}
                </div>
              ))}
            </div>
          </fieldset>
        );
      })}
      {found.length === 0 && <p className="mt-3 text-soft">No matching field.</p>}
    </details>
  );
}
