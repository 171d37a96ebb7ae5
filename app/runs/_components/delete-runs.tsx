"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { AlertDialog } from "radix-ui";
import { deletionQuery } from "@/app/_client/queries";
import { sizeWords } from "@/lib/storage/storage-schema";
import { buttonClass } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { deleteLater } from "./pending-deletions";

interface Props {
  ids: string[];
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks before runs are deleted: says how much goes, and which other runs read what these left behind. */
export function DeleteRuns({ ids, onClose, onDeleted }: Props) {
  const client = useQueryClient();
  const { data, error } = useQuery(deletionQuery(ids));
  const size = (data ?? []).reduce((sum, run) => sum + run.bytes, 0);
  const usedBy = [...new Set((data ?? []).flatMap((run) => run.usedBy))];
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-canvas/80" />
        <AlertDialog.Content className="fixed top-1/4 left-1/2 z-50 grid w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 gap-3 rounded-md border bg-surface p-5 shadow-lg">
          <AlertDialog.Title className="text-base">
            {ids.length === 1 ? `Delete ${data?.[0]?.name ?? "this run"}?` : `Delete ${ids.length} runs?`}
          </AlertDialog.Title>
          <AlertDialog.Description className="numbers min-h-12 text-soft">
            {data
              ? `${ids.length === 1 ? "Its" : "Their"} curves, samples, log, checkpoints and adapter go: ${sizeWords(size)}.`
              : "Counting what goes with it…"}
            {usedBy.length > 0 &&
              ` ${usedBy.join(", ")} ${usedBy.length === 1 ? "builds" : "build"} on it, and cannot be resumed from its files afterwards.`}
          </AlertDialog.Description>
          {error && <Problem error={error} />}
          <div className="flex justify-end gap-2">
            <AlertDialog.Cancel className={buttonClass()}>Cancel</AlertDialog.Cancel>
            <AlertDialog.Action
              disabled={!data}
              className={`${buttonClass()} text-bad`}
              onClick={() => {
                deleteLater(ids, client);
                onDeleted?.();
              }}
            >
              Delete
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
