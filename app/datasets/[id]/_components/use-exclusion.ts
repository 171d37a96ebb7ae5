import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { excluded as answer } from "@/lib/annotation/data-checks/data-checks-schema";
import { sayError, sayWithUndo } from "../../../ui/toast";

interface Wanted {
  itemIds: number[];
  excluded: boolean;
  reason: string;
}

/** So long an exclusion can be taken back from its toast. */
const undoMs = 10_000;

/** Excludes records or includes them again; what this changed can be undone. */
export function useExclusion(queueId: number) {
  const client = useQueryClient();
  const post = (wanted: Wanted) => send("POST", `/api/queues/${queueId}/exclusions`, wanted, answer);
  const refresh = () =>
    Promise.all(
      ["records", "record", "data-checks"].map((name) => client.invalidateQueries({ queryKey: [name, queueId] })),
    );
  const failed = (error: Error) => void sayError(error.message);
  const undo = useMutation({ mutationFn: post, onSuccess: refresh, onError: failed });
  return useMutation({
    mutationFn: post,
    onSuccess: ({ changed }, { excluded }) => {
      const count = `${changed.length.toLocaleString("en")} ${changed.length === 1 ? "record" : "records"}`;
      const back = { itemIds: changed, excluded: !excluded, reason: "undone" };
      void sayWithUndo(
        `${count} ${excluded ? "excluded" : "included"}.`,
        () => changed.length > 0 && undo.mutate(back),
        undoMs,
      );
      return refresh();
    },
    onError: failed,
  });
}
