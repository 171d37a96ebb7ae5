import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/checked-fetch";
import { type RowChangeInput, type RowsChanged, rowsChanged } from "@/lib/data-checks/changes-schema";
import { say, sayError, sayWithUndo } from "../../ui/toast";
import { apiOf, type CheckedDataset, checksQuery, nounsOf } from "./checked-dataset";

/** So long a change can be taken back from its toast; the list of versions takes it back at any time. */
const undoMs = 10_000;

const done: Record<RowChangeInput["action"], string> = {
  exclude: "excluded",
  include: "included",
  mask: "masked",
  edit: "changed",
  undo: "brought back",
};

/** Changes rows or records of a dataset; each time that is a version. */
export function useRowChange(dataset: CheckedDataset) {
  const client = useQueryClient();
  const router = useRouter();
  const post = (change: RowChangeInput) => send("POST", `${apiOf(dataset)}/changes`, change, rowsChanged);
  const refresh = async () => {
    router.refresh();
    const lists = dataset.kind === "labelled" ? ["rows", "labelled-row"] : ["records", "record"];
    const keys = [checksQuery(dataset).queryKey, ...lists.map((name) => [name, dataset.id])];
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  const failed = (error: Error) => void sayError(error.message);
  const undo = useMutation({ mutationFn: post, onSuccess: refresh, onError: failed });
  return useMutation({
    mutationFn: post,
    onSuccess: ({ number, ...came }, { action }) => {
      const words = resultWords(came, done[action], nounsOf(dataset));
      if (number === null) void say(words);
      else void sayWithUndo(words, () => undo.mutate({ action: "undo", version: number }), undoMs);
      return refresh();
    },
    onError: failed,
  });
}

function resultWords(
  { changed, refused }: Omit<RowsChanged, "number">,
  what: string,
  [one, many]: [string, string],
): string {
  const count = `${changed.toLocaleString("en")} ${changed === 1 ? one : many} ${what}.`;
  const [first] = refused;
  if (!first) return changed === 0 ? `Nothing to change: the ${many} are so already.` : count;
  return `${count} ${refused.length.toLocaleString("en")} left as they are: ${one} ${first.row} ${first.reason}.`;
}
