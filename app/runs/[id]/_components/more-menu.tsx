"use client";

import { Ellipsis } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { buttonClass } from "../../../ui/buttons";
import { say } from "../../../ui/toast";
import { DeleteRuns } from "../../_components/delete-runs";
import { useChangeRun } from "./use-change-run";

const itemClass =
  "cursor-pointer rounded px-3 py-1.5 outline-none data-highlighted:bg-raised data-disabled:cursor-not-allowed data-disabled:opacity-55";

/** What is asked of a run rarely. */
export function MoreMenu({ run }: { run: RunDetail }) {
  const change = useChangeRun(run.id);
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  const busy = run.status === "queued" || run.status === "running";
  const copy = async (text: string, what: string) => {
    await navigator.clipboard.writeText(text);
    await say(`${what} copied`);
  };
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className={buttonClass()} aria-label="More">
          <Ellipsis size={16} aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={4}
            className="z-30 min-w-44 rounded-md border bg-surface p-1 shadow-lg"
          >
            <DropdownMenu.Item className={itemClass} onSelect={() => void copy(location.href, "Link")}>
              Copy link
            </DropdownMenu.Item>
            <DropdownMenu.Item className={itemClass} onSelect={() => void copy(run.id, "Id")}>
              Copy id {run.id}
            </DropdownMenu.Item>
            <DropdownMenu.Item className={itemClass} onSelect={() => change({ archived: !run.archived })}>
              {run.archived ? "Take out of the archive" : "Archive"}
            </DropdownMenu.Item>
            <DropdownMenu.Item disabled={busy} className={`${itemClass} text-bad`} onSelect={() => setDeleting(true)}>
              {busy ? "Delete (stop it first)" : "Delete…"}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {deleting && (
        <DeleteRuns ids={[run.id]} onClose={() => setDeleting(false)} onDeleted={() => router.push("/runs")} />
      )}
    </>
  );
}
