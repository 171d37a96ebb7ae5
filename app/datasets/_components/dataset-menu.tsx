"use client";

import { useMutation } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { Button } from "../../ui/buttons";
import { menuClass, menuItemClass } from "../../ui/menu-look";
import { sayError, sayWithUndo } from "../../ui/toast";
import { archiveDataset, deleteDataset, duplicateDataset, type NamedDataset, restoreDataset } from "./dataset-requests";
import { DeleteDialog } from "./delete-dialog";

/** So long a deletion or an archiving can be taken back from its toast. */
export const undoMs = 10_000;

interface Props {
  dataset: NamedDataset & Pick<DatasetRow, "archived" | "hangsOn">;
  onRename: () => void;
  /** Where the dataset's own page was open. */
  onDeleted?: () => void;
}

/** Everything that can be done to a dataset as a whole. */
export function DatasetMenu({ dataset, onRename, onDeleted }: Props) {
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
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
      if (dataset.kind === "annotate") router.push(`/datasets/${id}`);
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
      setDeleting(false);
      void sayWithUndo(`${dataset.name} deleted.`, () => undo.mutate(() => restoreDataset(dataset)), undoMs);
      onDeleted?.();
      refresh();
    },
    onError: failed,
  });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button kind="quiet" aria-label={`Actions for ${dataset.name}`} className="px-2">
            <Ellipsis size={16} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" className={menuClass}>
            <DropdownMenu.Item className={menuItemClass} onSelect={onRename}>
              Rename
            </DropdownMenu.Item>
            <DropdownMenu.Item
              className={menuItemClass}
              disabled={duplicate.isPending}
              onSelect={() => duplicate.mutate()}
            >
              Duplicate
            </DropdownMenu.Item>
            <DropdownMenu.Item className={menuItemClass} onSelect={() => archive.mutate(!dataset.archived)}>
              {dataset.archived ? "Bring back from the archive" : "Archive"}
            </DropdownMenu.Item>
            <DropdownMenu.Item className={`${menuItemClass} text-bad`} onSelect={() => setDeleting(true)}>
              Delete…
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {deleting && (
        <DeleteDialog
          name={dataset.name}
          hangsOn={dataset.hangsOn}
          busy={remove.isPending}
          onDelete={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
