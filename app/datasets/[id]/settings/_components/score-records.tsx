"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { fillQuery } from "@/app/_client/queries";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { fillState } from "@/lib/generation/fill-schema";
import { rewardServer, type ScoringInput } from "@/lib/generation/scoring-schema";
import type { RunSummary } from "@/lib/runs/run-schema";
import { Button } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { useHydrated } from "../../../../ui/use-hydrated";
import { RewardServerFields, type ServerTexts } from "./reward-server-fields";

/** No run's id: a server scores. */
const overHttp = "";

/** Scores the records with a reward model. Annotators see the scores after their vote. */
export function ScoreRecords({ queue, rewards }: { queue: QueueDto; rewards: RunSummary[] }) {
  const id = useId();
  const hydrated = useHydrated();
  const client = useQueryClient();
  const router = useRouter();
  const [run, setRun] = useState(rewards[0]?.id ?? overHttp);
  const [server, setServer] = useState<ServerTexts>({ address: "", model: "", keyVariable: "" });
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  const { data: state } = useQuery(fillQuery);
  const running = state?.running ?? false;
  const own = state?.queue === queue.name ? state : null;
  useEffect(() => {
    if (state && !running) router.refresh(); // the settings above count the scored records
  }, [state, running, router]);
  const start = useMutation({
    mutationFn: (input: ScoringInput) => send("POST", `/api/queues/${queue.id}/scores`, input, fillState),
    onSuccess: (begun) => client.setQueryData(fillQuery.queryKey, begun),
  });
  const submit = () => {
    if (run !== overHttp) return start.mutate({ run });
    const { data, error } = rewardServer.safeParse({ ...server, keyVariable: server.keyVariable.trim() || null });
    setProblems(Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join("."), message])));
    if (data) start.mutate({ server: data });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
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
          <option value={overHttp}>Over HTTP</option>
        </select>
        <Button type="submit" disabled={!hydrated || running}>
          Score records
        </Button>
        <span role="status" className="numbers text-soft">
          {running || (start.isSuccess && !own?.error)
            ? state?.said
            : queue.scored > 0 && `${queue.scored.toLocaleString("en")} records scored`}
        </span>
      </div>
      {run === overHttp && (
        <RewardServerFields
          texts={server}
          problems={problems}
          disabled={!hydrated || running}
          set={(change) => setServer({ ...server, ...change })}
        />
      )}
      {(start.error || own?.error) && (
        <div className="mt-2">
          <Problem error={start.error ?? new Error(own?.error ?? "")} />
        </div>
      )}
    </form>
  );
}
