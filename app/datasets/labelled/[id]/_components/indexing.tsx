"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "../../../../ui/buttons";
import { Progress } from "../../../../ui/cards";
import { indexAgain, indexQuery } from "./row-queries";

/** Shown until the rows are indexed; then the page is made again. */
export function Indexing({ id }: { id: number }) {
  const router = useRouter();
  const client = useQueryClient();
  const { data } = useQuery(indexQuery(id));
  const again = useMutation({
    mutationFn: () => indexAgain(id),
    onSuccess: (state) => client.setQueryData(indexQuery(id).queryKey, state),
  });
  useEffect(() => {
    if (data?.ready) router.refresh();
  }, [data?.ready, router]);
  if (data?.error)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p role="alert" className="text-bad">
          The rows are not indexed: {data.error}
        </p>
        <Button data-needs="write" onClick={() => again.mutate()}>
          Index them
        </Button>
      </div>
    );
  return (
    <div className="max-w-md">
      <p role="status" className="numbers mb-1.5 text-soft">
        Indexing the rows, once{data?.said && `: ${data.said}`}
      </p>
      <Progress value={data?.progress ?? 0} label="Indexing" />
    </div>
  );
}
