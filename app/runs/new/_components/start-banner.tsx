import type { FormStart } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";

interface Props {
  start: FormStart;
  /** Labels of the fields that are not as the form opened with them. */
  changed: string[];
  restored: boolean;
  onDiscard: () => void;
}

/** What the form comes from: a run that is cloned or forked, or what somebody had filled in before. */
export function StartBanner({ start, changed, restored, onDiscard }: Props) {
  if (!restored && !start.parent) return null;
  const { init } = (start.config.adapter ?? {}) as { init?: unknown };
  const isFork = start.parent !== undefined && (start.parent.step !== null || init === `run:${start.parent.run}`);
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border bg-accent-wash px-3 py-2"
    >
      {start.parent && (
        <span>
          {isFork ? "Fork of " : "Copy of "}
          <a href={`/runs/${start.parent.run}`} className="font-medium underline">
            {start.parentName}
          </a>
          {isFork && (start.parent.step === null ? ", from what it left" : ` @${start.parent.step}`)}
          <span className="text-soft">
            {" "}
            · {changed.length === 0 ? "nothing changed yet" : `changed: ${changed.join(", ")}`}
          </span>
        </span>
      )}
      {start.parent && start.unlisted && (
        <span className="text-warn [overflow-wrap:anywhere]">
          It {start.unlisted.join(", and ")}: the form lists no such data, so choose what stands for it, or clone its
          run file.
        </span>
      )}
      {restored && (
        <span className="flex items-center gap-2">
          Restored draft
          <Button kind="quiet" onClick={onDiscard}>
            Discard
          </Button>
        </span>
      )}
    </div>
  );
}
