"use client";

import { useQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { machineNamesQuery } from "@/app/_client/queries";
import type { RunChange, RunDetail } from "@/lib/runs/run-schema";
import { buttonClass } from "../../../ui/buttons";
import { copyText } from "../../../ui/copy-text";
import { menuClass, menuItemClass } from "../../../ui/menu-look";
import { DeleteRuns } from "../../_components/delete-runs";
import { useChangeRun } from "./use-change-run";

/** Where else a run that has been saved, or has yet to begin, may go on. */
function MoveTo({ run, change }: { run: RunDetail; change: (change: RunChange) => void }) {
  const { data: machines = [] } = useQuery(machineNamesQuery);
  const isMovable = run.origin === null && ["queued", "stopped", "failed"].includes(run.status);
  const others = [null, ...machines].filter((machine) => machine !== run.machine);
  if (!isMovable) return null;
  return others.map((machine) => (
    <DropdownMenu.Item key={machine} data-needs="write" className={menuItemClass} onSelect={() => change({ machine })}>
      {machine === null ? "Move to this machine" : `Move to ${machine}`}
    </DropdownMenu.Item>
  ));
}

/** What is asked of a run rarely. */
export function MoreMenu({ run }: { run: RunDetail }) {
  const change = useChangeRun(run.id);
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  const busy = run.status === "queued" || run.status === "running";
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className={buttonClass()} aria-label="More">
          <Ellipsis size={16} aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} className={menuClass}>
            <DropdownMenu.Item className={menuItemClass} onSelect={() => void copyText(location.href, "Link copied")}>
              Copy link
            </DropdownMenu.Item>
            <DropdownMenu.Item className={menuItemClass} onSelect={() => void copyText(run.id, "Id copied")}>
              Copy id {run.id}
            </DropdownMenu.Item>
            <MoveTo run={run} change={change} />
            <DropdownMenu.Item
              data-needs="write"
              className={menuItemClass}
              onSelect={() => change({ archived: !run.archived })}
            >
              {run.archived ? "Take out of the archive" : "Archive"}
            </DropdownMenu.Item>
            <DropdownMenu.Item
              data-needs="write"
              disabled={busy}
              className={`${menuItemClass} text-bad`}
              onSelect={() => setDeleting(true)}
            >
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
