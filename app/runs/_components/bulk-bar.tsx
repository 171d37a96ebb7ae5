"use client";

import { useState } from "react";
import type { RunRow } from "@/lib/runs/run-schema";
import { Button, buttonClass } from "../../ui/buttons";
import { Link } from "../../ui/link";
import { DeleteRuns } from "./delete-runs";
import { useChangeRuns } from "./use-change-runs";

interface Props {
  shown: number;
  all: number;
  chosen: RunRow[];
  onDone: () => void;
}

/** How many runs are shown, and what can be done with those that are ticked. As high with as without any. */
export function BulkBar({ shown, all, chosen, onDone }: Props) {
  const change = useChangeRuns();
  const [tag, setTag] = useState("");
  const [deleting, setDeleting] = useState(false);
  const ids = chosen.map(({ id }) => id);
  const busy = chosen.filter(({ status }) => status === "queued" || status === "running");
  const archived = chosen.length > 0 && chosen.every((run) => run.archived);
  return (
    <div className="numbers mb-2 flex min-h-9 flex-wrap items-center gap-2 text-sm">
      <span role="status" className="text-soft">
        {chosen.length > 0 ? `${chosen.length} selected` : `${shown} of ${all}`}
      </span>
      {chosen.length > 0 && (
        <>
          <Link href={`/compare?runs=${ids.join()}`} className={buttonClass()}>
            Compare
          </Link>
          <form
            data-needs="write"
            className="flex items-center gap-1"
            onSubmit={(event) => {
              event.preventDefault();
              if (tag.trim() === "") return;
              change.several(ids, { tags: [tag.trim()] });
              setTag("");
            }}
          >
            <input
              aria-label="Tag for the selected runs"
              placeholder="Add tag"
              value={tag}
              maxLength={30}
              onChange={(event) => setTag(event.target.value)}
              className="w-28 rounded-md border bg-surface px-2 py-1.5"
            />
          </form>
          <Button data-needs="write" onClick={() => change.several(ids, { archived: !archived })}>
            {archived ? "Unarchive" : "Archive"}
          </Button>
          {busy.length > 0 && (
            <Button
              data-needs="write"
              onClick={() => busy.forEach(({ id }) => void change.one(id, { action: "stop" }))}
            >
              Stop {busy.length}
            </Button>
          )}
          <Button
            data-needs="write"
            disabled={busy.length > 0}
            title={busy.length > 0 ? "Stop them first" : undefined}
            onClick={() => setDeleting(true)}
          >
            Delete…
          </Button>
          <Button kind="quiet" onClick={onDone}>
            Clear
          </Button>
        </>
      )}
      {deleting && <DeleteRuns ids={ids} onClose={() => setDeleting(false)} onDeleted={onDone} />}
    </div>
  );
}
