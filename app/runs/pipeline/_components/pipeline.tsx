"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { runsQuery, trainingSetsQuery } from "@/app/_client/queries";
import { pipelineInput, pipelineSteps } from "@/lib/runs/pipeline";
import { launched, setKey } from "@/lib/runs/run-schema";
import { send } from "../../../_client/checked-fetch";
import { buttonClass } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { PipelineFields } from "./pipeline-fields";
import { PipelineGraph } from "./pipeline-graph";
import { type Typed, usualTyped, valuesOf } from "./pipeline-values";

const pollMs = 3000;

/** The form with the graph of what it makes. Once launched, the address holds the runs, and the graph their states. */
export function Pipeline() {
  const ids = useSearchParams().get("runs")?.split(",") ?? null;
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const [typed, setTyped] = useState<Typed>(() => usualTyped(sets));
  const parsed = pipelineInput.safeParse(valuesOf(typed, sets));
  const launch = useMutation({
    mutationFn: () => send("POST", "/api/runs/pipeline", parsed.data, launched),
    onSuccess: ({ ids }) => window.history.pushState(null, "", `/runs/pipeline?runs=${ids.join()}`),
  });
  if (ids) return <Launched ids={ids} />;
  const dataName = (key: string) => sets.find((set) => setKey(set) === key)?.name ?? "";
  return (
    <div className="grid gap-4 lg:grid-cols-[22rem_1fr]">
      <PipelineFields
        typed={typed}
        set={(change) => setTyped({ ...typed, ...change })}
        sets={sets}
        problem={parsed.error?.issues[0]?.message}
        isBusy={launch.isPending}
        onLaunch={() => launch.mutate()}
      />
      <div className="grid content-start gap-4">
        {launch.error && <Problem error={launch.error} />}
        {parsed.data && (
          <Card title="What is launched">
            <PipelineGraph
              steps={pipelineSteps(parsed.data)}
              data={{
                pretraining: dataName(typed.pretraining),
                supervised: dataName(typed.supervised),
                preferences: dataName(typed.preferences),
              }}
              base={parsed.data.model}
            />
          </Card>
        )}
      </div>
    </div>
  );
}

/** The same graph of runs that are queued, at work or finished. */
function Launched({ ids }: { ids: string[] }) {
  const { data: all = [] } = useQuery({ ...runsQuery, refetchInterval: pollMs });
  const runs = ids.flatMap((id) => all.find((run) => run.id === id) ?? []);
  const isOver = runs.every(({ status }) => status !== "queued" && status !== "running");
  return (
    <Card
      title={isOver ? "All have ended" : "Queued in this order"}
      action={
        <Link href={`/compare?runs=${ids.slice(ids.length > 2 ? 1 : 0).join()}`} className={buttonClass("quiet")}>
          Compare
        </Link>
      }
    >
      <ol className="grid gap-2">
        {runs.map(({ id, name, status, step, totalSteps }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 rounded-md border p-3">
            <Link href={`/runs/${id}`} className="font-medium underline">
              {name}
            </Link>
            <span className="numbers text-soft">
              {status}
              {status === "running" && totalSteps && `, step ${step} of ${totalSteps}`}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
