import { useMutation } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { sayError, sayWithUndo } from "../../ui/toast";
import {
  archiveDataset,
  deleteDataset,
  duplicateDataset,
  type NamedDataset,
  pageOf,
  restoreDataset,
} from "./dataset-requests";

export type ManagedDataset = NamedDataset & Pick<DatasetRow, "archived" | "hangsOn">;

/** So long a deletion or an archiving can be taken back from its toast. */
export const undoMs = 10_000;

/** What is done to a dataset as a whole, each with its toast. */
export function useDatasetActions(dataset: ManagedDataset, onDeleted: () => void) {
  const router = useRouter();
  const refresh = () => router.refresh();
  const failed = (error: Error) => void sayError(error.message);
  const undo = useMutation({
    mutationFn: (back: () => Promise<unknown>) => back(),
    onSuccess: refresh,
    onError: failed,
  });
  const duplicate = useMutation({
    mutationFn: () => duplicateDataset(dataset),
    onSuccess: ({ id }) => {
      refresh();
      router.push(pageOf({ ...dataset, id }) as Route);
    },
    onError: failed,
  });
  const archive = useMutation({
    mutationFn: (archived: boolean) => archiveDataset(dataset, archived),
    onSuccess: (_, archived) => {
      refresh();
      void sayWithUndo(
        `${dataset.name} ${archived ? "archived" : "is in use again"}.`,
        () => undo.mutate(() => archiveDataset(dataset, !archived)),
        undoMs,
      );
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: () => deleteDataset(dataset),
    onSuccess: () => {
      void sayWithUndo(`${dataset.name} deleted.`, () => undo.mutate(() => restoreDataset(dataset)), undoMs);
      onDeleted();
      refresh();
    },
    onError: failed,
  });
  return { duplicate, archive, remove };
}
