"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useHydrated } from "../../ui/use-hydrated";

interface Props {
  /** Those that one can chat with, newest first. */
  runs: { id: string; name: string; model: string }[];
  chosen: string;
}

/** Which run answers; it is in the address. */
export function RunChoice({ runs, chosen }: Props) {
  const router = useRouter();
  const hydrated = useHydrated();
  return (
    <label className="flex items-center gap-2">
      Run
      <select
        value={chosen}
        disabled={!hydrated}
        onChange={(event) => router.push(`/chat?a=${event.target.value}` as Route)}
        className="max-w-72 rounded-md border bg-canvas px-2 py-1.5"
      >
        {runs.map(({ id, name, model }) => (
          <option key={id} value={id}>
            {name} ({model})
          </option>
        ))}
      </select>
    </label>
  );
}
