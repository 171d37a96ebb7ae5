"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { fillQuery } from "@/app/_client/queries";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { fillState } from "@/lib/generation/fill-schema";
import type { RunSummary } from "@/lib/runs/run-schema";
import { Button } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { useHydrated } from "../../../../ui/use-hydrated";

/** Scores the records with a reward model. Annotators see the scores after their vote. */
export function ScoreRecords({ queue, rewards }: { queue: QueueDto; rewards: RunSummary[] }) {
  const id = useId();
  const hydrated = useHydrated();
  const client = useQueryClient();
  const router = useRouter();
  const [run, setRun] = useState(rewards[0]?.id ?? "");
  const { data: state } = useQuery(fillQuery);
  const running = state?.running ?? false;
  useEffect(() => {
    if (state && !running) router.refresh(); // the settings above count the scored records
  }, [state, running, router]);
  const start = useMutation({
    mutationFn: () => send("POST", `/api/queues/${queue.id}/scores`, { run }, fillState),
    onSuccess: (begun) => client.setQueryData(fillQuery.queryKey, begun),
  });
  if (rewards.length === 0) return null;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor={id} className="font-medium">
          Reward model
        </label>
        <select
          id={id}
          value={run}
          disabled={!hydrated || running}
          onChange={(event) => setRun(event.target.value)}
          className="rounded-md border bg-canvas px-3 py-2"
        >
          {rewards.map((reward) => (
            <option key={reward.id} value={reward.id}>
              {reward.name}
            </option>
          ))}
        </select>
        <Button disabled={!hydrated || running} onClick={() => start.mutate()}>
          Score records
        </Button>
        <span role="status" className="numbers text-soft">
          {running ? state?.said : queue.scored > 0 && `${queue.scored.toLocaleString("en")} records scored`}
        </span>
      </div>
      {(start.error || state?.error) && (
        <div className="mt-2">
          <Problem error={start.error ?? new Error(state?.error ?? "")} />
        </div>
      )}
    </div>
  );
}
