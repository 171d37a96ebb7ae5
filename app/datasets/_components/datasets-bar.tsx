import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { Button } from "../../ui/buttons";
import { sayError, sayWithUndo } from "../../ui/toast";
import { archiveDataset, deleteDataset, exportOf, restoreDataset } from "./dataset-requests";
import { DeleteDialog, together } from "./delete-dialog";
import { undoMs } from "./use-dataset-actions";

/** What can be done with the datasets that are ticked. As high with as without any. */
export function DatasetsBar({ chosen, onDone }: { chosen: DatasetRow[]; onDone: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const each = useEach(chosen, () => {
    setDeleting(false);
    onDone();
  });
  const archived = chosen.length > 0 && chosen.every((one) => one.archived);
  const exported = chosen.filter(({ trains }) => trains);
  const title = chosen.length === 1 ? chosen[0]!.name : `${chosen.length} datasets`;
  return (
    <div className="numbers mb-2 flex flex-wrap sm:min-h-9 items-center gap-2">
      <span role="status" className={`text-soft ${chosen.length > 0 ? "" : "hidden sm:inline"}`}>
        {chosen.length > 0 ? `${chosen.length} selected` : "Select datasets to act on several together."}
      </span>
      {chosen.length > 0 && (
        <>
          <Button
            data-needs="write"
            disabled={each.isPending}
            onClick={() =>
              each.mutate({
                act: (one) => archiveDataset(one, !archived),
                undo: (one) => archiveDataset(one, archived),
                said: archived ? "in use again" : "archived",
              })
            }
          >
            {archived ? "Unarchive" : "Archive"}
          </Button>
          <Button
            disabled={exported.length === 0}
            title={exported.length === 0 ? "Nothing in them is labelled" : undefined}
            onClick={() => download(exported)}
          >
            Export {exported.length}
          </Button>
          <Button data-needs="write" className="text-bad" onClick={() => setDeleting(true)}>
            Delete…
          </Button>
          <Button kind="quiet" onClick={onDone}>
            Clear
          </Button>
        </>
      )}
      {deleting && (
        <DeleteDialog
          name={title}
          hangsOn={together(chosen)}
          busy={each.isPending}
          onDelete={() => each.mutate({ act: deleteDataset, undo: restoreDataset, said: "deleted" })}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}

interface Deed {
  act: (dataset: DatasetRow) => Promise<unknown>;
  undo: (dataset: DatasetRow) => Promise<unknown>;
  said: string;
}

/** Does something to one after the other, and says of how many it was done; those can be taken back together. */
function useEach(chosen: DatasetRow[], onDone: () => void) {
  const router = useRouter();
  const undo = useMutation({
    mutationFn: (back: () => Promise<unknown>) => back(),
    onSuccess: () => router.refresh(),
    onError: (error) => void sayError(error.message),
  });
  return useMutation({
    mutationFn: async ({ act, undo: back, said }: Deed) => {
      const done: DatasetRow[] = [];
      try {
        for (const one of chosen) {
          await act(one);
          done.push(one);
        }
      } finally {
        const words = `${done.length} ${done.length === 1 ? "dataset" : "datasets"} ${said}.`;
        if (done.length > 0) void sayWithUndo(words, () => undo.mutate(() => Promise.all(done.map(back))), undoMs);
      }
    },
    onSuccess: onDone,
    onError: (error) => void sayError(error.message),
    onSettled: () => router.refresh(),
  });
}

/** A file of each, one after the other: browsers ask before a page sends several. */
function download(datasets: DatasetRow[]): void {
  for (const dataset of datasets) {
    const link = document.createElement("a");
    link.href = exportOf(dataset);
    link.download = "";
    link.click();
  }
}
