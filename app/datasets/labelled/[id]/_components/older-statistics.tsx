"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "../../../../ui/buttons";
import { Progress } from "../../../../ui/cards";
import { countAgain, statisticsQuery } from "./row-queries";

/** Beside statistics of an older version: makes those of the newest, and shows how far they are. */
export function OlderStatistics({ id, newest }: { id: number; newest: number }) {
  const router = useRouter();
  const client = useQueryClient();
  const query = statisticsQuery(id, newest);
  const { data } = useQuery(query);
  const again = useMutation({
    mutationFn: () => countAgain(id),
    onSuccess: (state) => {
      client.setQueryData(query.queryKey, state);
      return client.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  useEffect(() => {
    if (data?.ready) router.refresh();
  }, [data?.ready, router]);
  if (data?.said && !data.error)
    return (
      <div className="mt-3 max-w-md">
        <p role="status" className="numbers mb-1.5 text-soft">
          Counting the rows of version {newest}: {data.said}; the jobs menu cancels it.
        </p>
        <Progress value={data.progress ?? 0} label="Counting" />
      </div>
    );
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      {data?.error && (
        <p role="alert" className="text-bad">
          The rows were not counted: {data.error}
        </p>
      )}
      <Button data-needs="write" disabled={again.isPending} onClick={() => again.mutate()}>
        Count version {newest}
      </Button>
    </div>
  );
}
