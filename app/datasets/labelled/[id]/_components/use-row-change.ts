import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/checked-fetch";
import { type RowChangeInput, type RowsChanged, rowsChanged } from "@/lib/datasets/labelled/versions/versions-schema";
import { say, sayError, sayWithUndo } from "../../../../ui/toast";

/** So long a change can be taken back from its toast; the list of versions takes it back at any time. */
const undoMs = 10_000;

const done: Record<RowChangeInput["action"], string> = {
  exclude: "excluded",
  include: "included again",
  mask: "masked",
  edit: "changed",
  undo: "brought back",
};

/** Changes rows of a labelled dataset; each time that is a version. */
export function useRowChange(id: number) {
  const client = useQueryClient();
  const router = useRouter();
  const post = (change: RowChangeInput) => send("POST", `/api/labelled/${id}/changes`, change, rowsChanged);
  const refresh = async () => {
    router.refresh();
    await Promise.all(
      ["rows", "labelled-row", "labelled-checks"].map((name) => client.invalidateQueries({ queryKey: [name, id] })),
    );
  };
  const failed = (error: Error) => void sayError(error.message);
  const undo = useMutation({ mutationFn: post, onSuccess: refresh, onError: failed });
  return useMutation({
    mutationFn: post,
    onSuccess: ({ number, ...came }, { action }) => {
      const words = resultWords(came, done[action]);
      if (number === null) void say(words);
      else void sayWithUndo(words, () => undo.mutate({ action: "undo", version: number }), undoMs);
      return refresh();
    },
    onError: failed,
  });
}

function resultWords({ changed, refused }: Omit<RowsChanged, "number">, what: string): string {
  const count = `${changed.toLocaleString("en")} ${changed === 1 ? "row" : "rows"} ${what}.`;
  const [first] = refused;
  if (!first) return changed === 0 ? "Nothing to change: the rows are so already." : count;
  return `${count} ${refused.length.toLocaleString("en")} left as they are: row ${first.row} ${first.reason}.`;
}
