import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RunDetail, runRollouts } from "@/lib/runs/run-schema";
import { type TokenColumn, tokenColumns } from "@/spec/rollouts";
import { request } from "../../../_client/checked-fetch";
import { Card, Problem } from "../../../ui/cards";
import { TracedTokens } from "./traced-tokens";

const pollMs = 5000;

/** Completions that updates learned from, each token coloured by what the method made of it. */
export function Rollouts({ run: { id, status } }: { run: RunDetail }) {
  const [picked, setPicked] = useState<number | null>(null);
  const [by, setBy] = useState<TokenColumn>("advantage");
  const { data, error } = useQuery({
    queryKey: ["rollouts", id, picked, status],
    queryFn: () => request(`/api/runs/${id}/rollouts${picked === null ? "" : `?step=${picked}`}`, runRollouts),
    refetchInterval: status === "running" && picked === null ? pollMs : false,
    placeholderData: keepPreviousData,
  });
  if (error) return <Problem error={error} />;
  if (!data?.shown) return null;
  const { steps, shown } = data;
  const columns = (Object.keys(tokenColumns) as TokenColumn[]).filter((name) =>
    shown.rollouts.some((rollout) => rollout.columns[name] !== null),
  );
  const column = columns.includes(by) ? by : "advantage";
  return (
    <div className="mt-4">
      <Card
        title="Rollouts"
        action={
          <div className="flex flex-wrap items-center gap-3 text-soft text-xs">
            <label className="flex items-center gap-2">
              Colour by
              <select
                value={column}
                onChange={(event) => setBy(event.target.value as TokenColumn)}
                className="rounded-md border bg-canvas px-2 py-1"
              >
                {columns.map((name) => (
                  <option key={name} value={name}>
                    {tokenColumns[name].label}
                  </option>
                ))}
              </select>
            </label>
            <label className="numbers flex items-center gap-2">
              Step {shown.step}
              <input
                type="range"
                min={0}
                max={steps.length - 1}
                value={steps.indexOf(shown.step)}
                onChange={(event) => setPicked(steps[Number(event.target.value)]!)}
                className="w-32 accent-(--accent)"
                aria-valuetext={`step ${shown.step}`}
              />
            </label>
          </div>
        }
      >
        <p className="mb-3 max-w-prose text-soft">
          The first completions of the update, token by token. {tokenColumns[column].about} Choose a token, or move with
          the arrow keys, to see all of its numbers.
        </p>
        <div className="divide-y">
          {shown.rollouts.map((rollout, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the first completions stand in order
            <TracedTokens key={`${shown.step} ${i}`} rollout={rollout} by={column} />
          ))}
        </div>
      </Card>
    </div>
  );
}
