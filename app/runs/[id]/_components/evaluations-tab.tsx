"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type NewAgreement, type NewEvaluation, runEvaluations } from "@/lib/evaluations/evaluation-schema";
import { job as jobSchema } from "@/lib/jobs/job-schema";
import { methodOf } from "@/spec/methods/all";
import { isFromScratch } from "@/spec/methods/sft";
import { request, send } from "../../../_client/checked-fetch";
import { AtWork } from "../../../ui/at-work";
import { Card, Problem } from "../../../ui/cards";
import { EvaluationTableView } from "../../../ui/evaluation-table";
import { AgreementForm } from "./agreement-form";
import { EvaluateForm } from "./evaluate-form";
import { useRun } from "./run-context";

const pollMs = 2000;

/** What standard tasks say of a run's model and of the one that it was trained from: what tuning has brought, and what it has cost. */
export function EvaluationsTab() {
  const { run } = useRun();
  const client = useQueryClient();
  const path = `/api/runs/${run.id}/evaluations`;
  const queryKey = ["evaluations", run.id];
  const { data, error } = useQuery({
    queryKey,
    queryFn: () => request(path, runEvaluations),
    refetchInterval: ({ state }) => (state.data?.job && state.data.job.error === null ? pollMs : false),
  });
  const start = useMutation({
    mutationFn: (asked: NewEvaluation | NewAgreement) => send("POST", path, asked, runEvaluations),
    onSuccess: (found) => client.setQueryData(queryKey, found),
  });
  const cancel = useMutation({
    mutationFn: (id: string) => send("PATCH", `/api/jobs/${id}`, { action: "cancel" }, jobSchema),
  });
  const job = data?.job ?? null;
  const isRunning = job !== null && job.error === null;
  const isPolicy = run.origin === null && methodOf(run.config).produces === "policy";
  return (
    <div className="grid gap-4">
      <Card title="Evaluate">
        {isRunning ? (
          <AtWork said={job.said} progress={job.progress} onCancel={() => cancel.mutate(job.id)} />
        ) : isPolicy ? (
          <EvaluateForm run={run} disabled={!run.adapter || start.isPending} onStart={start.mutate} />
        ) : (
          <p className="text-soft">Tasks are asked of models that write answers and were trained here.</p>
        )}
        {start.error ? <Problem error={start.error} /> : job?.error && <Problem error={job.error} />}
      </Card>
      {run.origin === null && !isFromScratch(run.config) && !isRunning && (
        <Card title="Agreement with preferences">
          <AgreementForm run={run} disabled={!run.adapter || start.isPending} onStart={start.mutate} />
        </Card>
      )}
      <Card title="Results">
        {error && <Problem error={error} />}
        {data &&
          (data.table.rows.length === 0 ? (
            <p className="text-soft">Nothing has been evaluated yet. Choose tasks above, and Evaluate.</p>
          ) : (
            <EvaluationTableView table={data.table} />
          ))}
      </Card>
    </div>
  );
}
