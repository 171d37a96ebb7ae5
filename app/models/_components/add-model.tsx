"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { z } from "zod";
import { send } from "@/app/_client/checked-fetch";
import { jobsQuery, modelsQuery } from "@/app/_client/queries";
import { job as jobSchema } from "@/lib/jobs/job-schema";
import { AtWork } from "../../ui/at-work";
import { Button } from "../../ui/buttons";
import { useHydrated } from "../../ui/use-hydrated";

const started = z.object({ job: z.string() });

/** Adds a model of the Hub, a folder or a file; says how far it is, and what is wrong with it. */
export function AddModel() {
  const hydrated = useHydrated();
  const client = useQueryClient();
  const [source, setSource] = useState("");
  const [id, setId] = useState<string | null>(null);
  const { data: jobs } = useQuery(jobsQuery);
  const job = jobs?.find((one) => one.id === id);
  const start = useMutation({
    mutationFn: () => send("POST", "/api/models", { source: source.trim() }, started),
    onSuccess: ({ job }) => {
      setId(job);
      void client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const cancel = useMutation({ mutationFn: () => send("PATCH", `/api/jobs/${id}`, { action: "cancel" }, jobSchema) });
  const status = job?.status;
  useEffect(() => {
    if (status !== "finished") return;
    setSource("");
    void client.invalidateQueries({ queryKey: modelsQuery.queryKey });
  }, [status, client]);
  const isBusy = start.isPending || (job !== undefined && job.endedAt === null);
  const problem = start.error?.message ?? job?.error;
  if (isBusy)
    return (
      <div className="mb-5 max-w-3xl">
        <AtWork
          said={job?.said || `Adding ${source}`}
          progress={job?.progress ?? null}
          onCancel={() => cancel.mutate()}
        />
      </div>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <form onSubmit={submit} className="mb-5 max-w-3xl">
      <label htmlFor="new-model" className="mb-1 block font-medium">
        Add a model
      </label>
      <div className="flex gap-2">
        <input
          id="new-model"
          value={source}
          onChange={(event) => setSource(event.target.value)}
          disabled={!hydrated}
          placeholder="hub:owner/name"
          aria-describedby="new-model-help"
          aria-invalid={problem != null}
          spellCheck={false}
          className="min-w-0 flex-1 rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad"
        />
        <Button type="submit" disabled={!hydrated || source.trim() === ""}>
          Add
        </Button>
      </div>
      <p id="new-model-help" aria-live="polite" className={`mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ??
          "hub:owner/name or hub:owner/name@revision of the Hugging Face Hub, a folder in its layout, or a .gguf file."}
      </p>
    </form>
  );
}
