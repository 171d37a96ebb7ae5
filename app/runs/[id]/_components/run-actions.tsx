"use client";

import { CopyPlus, GitCompare, MessagesSquare, Play, Square } from "lucide-react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { Button, buttonClass } from "../../../ui/buttons";
import { Link } from "../../../ui/link";
import { DownloadMenu } from "./download-menu";
import { MoreMenu } from "./more-menu";
import { useAct } from "./use-act";

/** What can be asked of the run as it is. */
export function RunActions({ run }: { run: RunDetail }) {
  return (
    <>
      <span data-needs="write" className="contents">
        <StopAndResume run={run} />
      </span>
      {run.origin === null && (
        <Link className={buttonClass()} href={`/runs/new?from=${run.id}`}>
          <CopyPlus size={15} aria-hidden /> Clone
        </Link>
      )}
      <Link className={buttonClass()} href={`/compare?runs=${run.id}`}>
        <GitCompare size={15} aria-hidden /> Compare
      </Link>
      {run.adapter && methodOf(run.config).produces === "policy" && (
        <Link className={buttonClass()} href={`/chat?a=${run.id}`}>
          <MessagesSquare size={15} aria-hidden /> Chat
        </Link>
      )}
      {run.adapter && <DownloadMenu run={run} />}
      <MoreMenu run={run} />
    </>
  );
}

function StopAndResume({ run }: { run: RunDetail }) {
  const act = useAct(run.id);
  return (
    <>
      {(run.status === "running" || run.status === "queued") && (
        <Button
          onClick={() => act.mutate("stop")}
          disabled={act.isPending || run.stopping}
          title={run.status === "running" ? "After this step, with a checkpoint" : undefined}
        >
          <Square size={14} aria-hidden /> {run.status === "queued" ? "Cancel run" : "Stop"}
        </Button>
      )}
      {run.status === "running" && run.stopping && (
        <Button onClick={() => act.mutate("stop-now")} disabled={act.isPending}>
          <Square size={14} aria-hidden /> Stop now
        </Button>
      )}
      {(run.status === "stopped" || run.status === "failed") && (
        <Button kind="primary" onClick={() => act.mutate("resume")} disabled={act.isPending}>
          <Play size={14} aria-hidden /> Resume
        </Button>
      )}
      {run.inputsChanged && (
        <Button onClick={() => act.mutate("resume-changed")} disabled={act.isPending}>
          Resume with the current data
        </Button>
      )}
    </>
  );
}
