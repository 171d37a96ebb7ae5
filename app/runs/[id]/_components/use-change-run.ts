import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { placeNameQuery, runQuery } from "@/app/_client/queries";
import { type RunChange, runDetail } from "@/lib/runs/run-schema";
import { sayError } from "../../../ui/toast";

/** Changes what people wrote on a run. */
export function useChangeRun(id: string): (change: RunChange) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (change: RunChange) => send("PATCH", `/api/runs/${id}`, change, runDetail),
    onSuccess: (next) => {
      client.setQueryData(runQuery(id).queryKey, next);
      client.setQueryData(placeNameQuery("runs", id).queryKey, { name: next.name });
    },
    onError: (error) => void sayError(error.message),
  });
  return mutate;
}
