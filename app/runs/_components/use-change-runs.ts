import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { changedRuns, type RunAction, type RunChange, runDetail } from "@/lib/runs/run-schema";
import { sayError } from "../../ui/toast";

/** Changes to runs in a list, which is asked for anew after each. */
export function useChangeRuns() {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onError: (error) => void sayError(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
  return {
    one: (id: string, change: RunChange | { action: RunAction } | { place: number }) =>
      mutate(() => send("PATCH", `/api/runs/${id}`, change, runDetail)),
    several: (ids: string[], change: Omit<RunChange, "name" | "remark">) =>
      mutate(() => send("PATCH", "/api/runs", { ids, change }, changedRuns)),
  };
}
