"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../../../../ui/buttons";
import { Card } from "../../../../../ui/cards";
import { DeleteDialog } from "../../../../_components/delete-dialog";
import { NameField } from "../../../../_components/name-field";
import { type ManagedDataset, useDatasetActions } from "../../../../_components/use-dataset-actions";

/** All that can be done to the dataset as a whole, with what each does. */
export function ManageDataset({ dataset }: { dataset: ManagedDataset }) {
  const router = useRouter();
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { duplicate, archive, remove } = useDatasetActions(dataset, () => router.push("/datasets"));
  const { runs } = dataset.hangsOn;
  return (
    <div className="grid gap-4">
      <Card title="Name">
        {renaming ? (
          <NameField dataset={dataset} onClose={() => setRenaming(false)} />
        ) : (
          <div className="flex flex-wrap items-center gap-3">
            <span className="break-words">{dataset.name}</span>
            <Button onClick={() => setRenaming(true)}>Rename</Button>
          </div>
        )}
      </Card>
      <Card title="Duplicate, archive, delete">
        <ul className="grid gap-3">
          <li className="flex flex-wrap items-center gap-3">
            <Button disabled={duplicate.isPending} onClick={() => duplicate.mutate()}>
              Duplicate
            </Button>
            <span className="text-soft">A copy under another name, with the same rows.</span>
          </li>
          <li className="flex flex-wrap items-center gap-3">
            <Button disabled={archive.isPending} onClick={() => archive.mutate(!dataset.archived)}>
              {dataset.archived ? "Bring back from the archive" : "Archive"}
            </Button>
            <span className="text-soft">Out of the lists and of the form of a new run, and kept.</span>
          </li>
          <li className="flex flex-wrap items-center gap-3">
            <Button className="border-bad text-bad" onClick={() => setDeleting(true)}>
              Delete…
            </Button>
            <span className="text-soft">
              {runs.length === 0
                ? "No run was trained on it."
                : `${runs.length} ${runs.length === 1 ? "run was" : "runs were"} trained on it.`}
            </span>
          </li>
        </ul>
      </Card>
      {deleting && (
        <DeleteDialog
          name={dataset.name}
          hangsOn={dataset.hangsOn}
          busy={remove.isPending}
          onDelete={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}
