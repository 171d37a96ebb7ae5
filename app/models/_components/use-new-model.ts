import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { z } from "zod";
import { send } from "@/app/_client/checked-fetch";
import { jobsQuery, modelsQuery } from "@/app/_client/queries";
import { job as jobSchema } from "@/lib/jobs/job-schema";
import { adding, type newModel } from "@/lib/models/models-schema";

/** Starts the job that adds a model or writes one, and follows it; the list of models is read anew when it has. */
export function useNewModel() {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const { data: jobs } = useQuery(jobsQuery);
  const job = jobs?.find((one) => one.id === id);
  const start = useMutation({
    mutationFn: (model: z.input<typeof newModel>) => send("POST", "/api/models", model, adding),
    onSuccess: ({ job }) => {
      setId(job);
      void client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const cancel = useMutation({ mutationFn: () => send("PATCH", `/api/jobs/${id}`, { action: "cancel" }, jobSchema) });
  const status = job?.status;
  useEffect(() => {
    if (status === "finished") void client.invalidateQueries({ queryKey: modelsQuery.queryKey });
  }, [status, client]);
  return {
    start,
    job,
    isBusy: start.isPending || (job !== undefined && job.endedAt === null),
    problem: start.error?.message ?? job?.error,
    cancel: () => cancel.mutate(),
  };
}
