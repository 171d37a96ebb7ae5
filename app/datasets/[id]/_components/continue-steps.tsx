"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { jobsQuery, stepPairsQuery } from "@/app/_client/queries";
import type { StepPairsInput } from "@/lib/generation/step-pairs-input";
import { type StepPairsState, stepPairsState } from "@/lib/generation/step-pairs-schema";
import { job as jobSchema } from "@/lib/jobs/job-schema";
import { AtWork } from "../../../ui/at-work";
import { Button, buttonClass } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { mayHere } from "../../../ui/may";
import { useHydrated } from "../../../ui/use-hydrated";
import { StepPairsFields } from "./step-pairs-fields";
import { readTexts, usualTexts } from "./step-pairs-form";

interface Props {
  queue: { id: number; name: string; decided: number };
  /** What the form begins with. */
  model: string;
}

/** Has a model go on after the right steps of wrong solutions, which makes a dataset of Step-DPO's pairs. */
export function ContinueSteps({ queue, model }: Props) {
  const hydrated = useHydrated();
  const [open, setOpen] = useState(false); // what a model is is asked for when somebody wants to know
  const client = useQueryClient();
  const query = stepPairsQuery(queue.id);
  const { data: state } = useQuery({ ...query, enabled: hydrated && mayHere("write") });
  const cancel = useMutation({
    mutationFn: (job: string) => send("PATCH", `/api/jobs/${job}`, { action: "cancel" }, jobSchema),
  });
  const start = useMutation({
    mutationFn: (input: StepPairsInput) => send("POST", `/api/queues/${queue.id}/step-pairs`, input, stepPairsState),
    onSuccess: (begun) => {
      cancel.reset();
      client.setQueryData(query.queryKey, begun);
      void client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const error = start.error ?? cancel.error ?? state?.error;
  const running = state?.running === true;
  return (
    <Card
      title="Continue from the right steps"
      action={
        queue.decided > 0 && (
          <Button aria-expanded={open} disabled={!hydrated} onClick={() => setOpen(!open)}>
            Choose a model
          </Button>
        )
      }
    >
      <p className="max-w-[75ch] text-soft">
        A model goes on where people found solutions wrong. The first right step that it writes is preferred to their
        wrong one: pairs of Step-DPO, in a labelled dataset. Solutions without a right continuation give no pair.
        {queue.decided === 0 && " No solution has been judged yet; annotate some first."}
      </p>
      {open && <Form {...{ queue, model }} disabled={start.isPending || running} onStart={start.mutate} />}
      <div className="mt-3 grid gap-3 empty:hidden">
        {running && (
          <AtWork
            said={state.said || "Loading the model…"}
            progress={state.progress}
            onCancel={() => state.job !== null && cancel.mutate(state.job)}
          />
        )}
        {error && <Problem error={error} />}
        {state?.made && <Made {...state.made} />}
      </div>
    </Card>
  );
}

interface FormProps extends Props {
  disabled: boolean;
  onStart: (input: StepPairsInput) => void;
}

function Form({ queue, model, disabled, onStart }: FormProps) {
  const [texts, setTexts] = useState(() => usualTexts(queue.name, model));
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  const submit = () => {
    const read = readTexts(texts);
    setProblems("problems" in read ? read.problems : {});
    if ("input" in read) onStart(read.input);
  };
  return (
    <form
      noValidate
      className="mt-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset disabled={disabled} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <StepPairsFields texts={texts} problems={problems} set={(change) => setTexts({ ...texts, ...change })} />
      </fieldset>
      <Button type="submit" kind="primary" className="mt-4" disabled={disabled}>
        Continue solutions
      </Button>
    </form>
  );
}

const Made = ({ dataset, id, pairs, left, writer }: NonNullable<StepPairsState["made"]>) => (
  <div className="flex flex-wrap items-center gap-3">
    <p role="status" className="numbers">
      {pairs} {pairs === 1 ? "pair" : "pairs"} in{" "}
      <Link href={`/datasets/labelled/${id}` as Route} className="underline">
        {dataset}
      </Link>
      {left > 0 && `; ${left} ${left === 1 ? "solution has" : "solutions have"} no right continuation`}
    </p>
    <Link href={`/runs/new?labelled=${id}&writer=${encodeURIComponent(writer)}`} className={buttonClass("primary")}>
      Train DPO on it
    </Link>
  </div>
);
