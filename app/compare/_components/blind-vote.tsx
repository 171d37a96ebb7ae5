"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { blindVotesQuery } from "@/app/_client/queries";
import { type BlindVotes, blindAsked, type ComparedRun } from "@/lib/runs/compare/compare-schema";
import { Button, buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Link } from "../../ui/link";
import { sayError } from "../../ui/toast";

interface Props {
  /** Those that have sampled, at least two. */
  runs: ComparedRun[];
  baseline: string;
}

/** Two runs' completions of the same prompts, annotated without names; and what people said of them so far. */
export function BlindVote({ runs, baseline }: Props) {
  const [chosen, setChosen] = useState<[string, string] | null>(null);
  const ids = runs.map(({ id }) => id);
  const [first, second] = chosen?.every((id) => ids.includes(id)) ? chosen : defaultOf(ids, baseline);
  const { data: votes } = useQuery({ ...blindVotesQuery(first, second), enabled: first !== second });
  const router = useRouter();
  const ask = useMutation({
    mutationFn: () => send("POST", "/api/compare/blind", { runs: [first, second] }, blindAsked),
    onSuccess: ({ queueId }) => router.push(`/annotate/${queueId}` as Route),
    onError: (error) => void sayError(error.message),
  });
  const nameOf = (id: string) => runs.find((run) => run.id === id)?.name ?? id;
  const modelOf = (id: string) => runs.find((run) => run.id === id)?.model;
  const choice = (value: string, label: string, onChange: (id: string) => void) => (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="max-w-64 rounded-md border bg-canvas px-2 py-1.5"
    >
      {runs.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
  return (
    <Card title="Blind vote">
      <div className="flex flex-wrap items-center gap-2">
        {choice(first, "One run", (id) => setChosen([id, second]))}
        or
        {choice(second, "The other run", (id) => setChosen([first, id]))}
        <Button data-needs="review" disabled={first === second || ask.isPending} onClick={() => ask.mutate()}>
          {ask.isPending ? "Pairing…" : "Vote blind"}
        </Button>
        {first !== second && modelOf(first) === modelOf(second) && (
          <Link href={`/chat?a=${first}&b=${second}` as Route} className={buttonClass("quiet")}>
            Chat with both
          </Link>
        )}
      </div>
      <p className="mt-2 text-soft" aria-live="polite">
        {votes ? (
          <>
            {resultOf(votes, nameOf(first), nameOf(second))}{" "}
            <Link href={`/datasets/${votes.queueId}` as Route} className="underline">
              Open the dataset
            </Link>
          </>
        ) : (
          "Their last completions of the same prompts, side by side without names, one key each. The votes are annotations of a dataset of its own."
        )}
      </p>
    </Card>
  );
}

/** The baseline, and the first of the others. */
function defaultOf(ids: string[], baseline: string): [string, string] {
  const first = ids.includes(baseline) ? baseline : ids[0]!;
  return [first, ids.find((id) => id !== first) ?? first];
}

/** Who was preferred how often: the first run's share with its interval. */
export function resultOf(votes: BlindVotes, one: string, other: string): string {
  const { records, first, second, even, interval, equalLength } = votes;
  const asked = `${records} ${records === 1 ? "record" : "records"}`;
  if (first + second + even === 0) return `Nobody has annotated the ${asked} yet.`;
  const neither = even === 0 ? "" : `; ${even} ${even === 1 ? "prefers" : "prefer"} neither`;
  if (interval === null) return `Of ${even} annotations of ${asked} none prefers either.`;
  const [low, high] = interval.map((share) => (100 * share).toFixed(0));
  return `${one} was preferred in ${first} of ${first + second} annotations (${low} to ${high} %), ${other} in ${second}${neither}.${equalLength ? ` With answers of equal length it would be ${percent(equalLength.winRate)} (${percent(equalLength.low, "")} to ${percent(equalLength.high)}).` : ""}`;
}

const percent = (share: number, unit = " %"): string => `${(100 * share).toFixed(0)}${unit}`;
