"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { deletionQuery } from "@/app/_client/queries";
import { sizeWords } from "@/lib/storage/storage-schema";
import { Problem } from "../../ui/cards";
import { Confirm } from "../../ui/confirm";
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
    <Confirm
      title={ids.length === 1 ? `Delete ${data?.[0]?.name ?? "this run"}?` : `Delete ${ids.length} runs?`}
      yes="Delete"
      deletes
      disabled={!data}
      onYes={() => {
        deleteLater(ids, client);
        onClose();
        onDeleted?.();
      }}
      onClose={onClose}
    >
      <p className="numbers min-h-12 text-soft">
        {data
          ? `${ids.length === 1 ? "Its" : "Their"} curves, samples, log, checkpoints and adapter go: ${sizeWords(size)}.`
          : "Counting what goes with it…"}
        {usedBy.length > 0 &&
          ` ${usedBy.join(", ")} ${usedBy.length === 1 ? "builds" : "build"} on it, and cannot be resumed from its files afterwards.`}
      </p>
      {error && <Problem error={error} />}
    </Confirm>
  );
}
