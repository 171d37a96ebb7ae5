import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { send } from "@/app/_client/checked-fetch";
import { modelsQuery } from "@/app/_client/queries";
import { type KnownModel, knownModel, type ModelChange } from "@/lib/models/models-schema";
import { sayError, sayWithUndo } from "../../ui/toast";

const undoMs = 10_000;

/** Names a base model, or takes it out of the list. */
export function useChangeModel() {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (change: ModelChange) => send("PATCH", "/api/models", change, z.array(knownModel)),
    onSuccess: (models) => client.setQueryData(modelsQuery.queryKey, models),
    onError: (error) => void sayError(error.message),
  });
  return {
    rename: (source: string, name: string) => mutate({ source, name: name === "" || name === source ? null : name }),
    remove({ id, name, usedBy }: KnownModel) {
      const stays =
        usedBy === 0 ? "its files stay" : `its files and ${usedBy === 1 ? "its run" : `its ${usedBy} runs`} stay`;
      mutate(
        { source: id, removed: true },
        {
          onSuccess: () =>
            void sayWithUndo(
              `${name} is out of the list; ${stays}`,
              () => mutate({ source: id, removed: false }),
              undoMs,
            ),
        },
      );
    },
  };
}
