import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { runTableQuery } from "@/app/_client/queries";
import type { RunRow } from "@/lib/runs/run-schema";

/** The runs, asked for every other second. An older table that an earlier visit left in the cache is not shown in place of the page's own. */
export function useRunTable(made: string, now: number): { runs: RunRow[]; at: number } {
  const client = useQueryClient();
  const [cachedAt] = useState(() => client.getQueryState(runTableQuery.queryKey)?.dataUpdatedAt ?? now);
  const [first] = useState(() => JSON.parse(made) as RunRow[]);
  const { data, dataUpdatedAt } = useQuery({
    ...runTableQuery,
    initialData: first,
    initialDataUpdatedAt: now,
    refetchInterval: 2000,
  });
  const isOlder = cachedAt < now && dataUpdatedAt === cachedAt;
  return isOlder ? { runs: first, at: now } : { runs: data, at: Math.max(now, dataUpdatedAt) };
}
