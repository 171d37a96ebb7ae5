"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useHydrated } from "../../ui/use-hydrated";

interface Props {
  /** Those that one can chat with, newest first. */
  runs: { id: string; name: string; model: string }[];
  bases: { id: string; name: string }[];
  chosen: string;
}

/** Who answers, a run or a base model; it is in the address. */
export function ModelChoice({ runs, bases, chosen }: Props) {
  const router = useRouter();
  const hydrated = useHydrated();
  return (
    <label className="flex items-center gap-2">
      Model
      <select
        value={chosen}
        disabled={!hydrated}
        onChange={(event) => router.push(`/chat?a=${encodeURIComponent(event.target.value)}` as Route)}
        className="max-w-72 rounded-md border bg-canvas px-2 py-1.5"
      >
        {runs.length > 0 && (
          <optgroup label="Runs">
            {runs.map(({ id, name, model }) => (
              <option key={id} value={id}>
                {name} ({model})
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label="Base models">
          {bases.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}
