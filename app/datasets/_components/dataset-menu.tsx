"use client";

import { Ellipsis } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { Button } from "../../ui/buttons";
import { menuClass, menuItemClass } from "../../ui/menu-look";
import { DeleteDialog } from "./delete-dialog";
import { type ManagedDataset, useDatasetActions } from "./use-dataset-actions";

interface Props {
  dataset: ManagedDataset;
  onRename: () => void;
  /** Where the dataset's own page was open. */
  onDeleted?: () => void;
}

/** Everything that can be done to a dataset as a whole. */
export function DatasetMenu({ dataset, onRename, onDeleted }: Props) {
  const [deleting, setDeleting] = useState(false);
  const { duplicate, archive, remove } = useDatasetActions(dataset, () => {
    setDeleting(false);
    onDeleted?.();
  });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button data-needs="write" kind="quiet" aria-label={`Actions for ${dataset.name}`} className="px-2!">
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
