import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { runQuery } from "@/app/_client/queries";
import { type RunAction, runDetail } from "@/lib/runs/run-schema";
import { sayError } from "../../../ui/toast";

/** Asks a run to stop, to go on, or to take another place in the queue. */
export function useAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: RunAction) => send("PATCH", `/api/runs/${id}`, { action }, runDetail),
    onSuccess: (next) => client.setQueryData(runQuery(id).queryKey, next),
    onError: (error) => void sayError(error.message),
  });
}
