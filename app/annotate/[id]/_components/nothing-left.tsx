import { useEffect } from "react";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { buttonClass } from "../../../ui/buttons";
import { Empty } from "../../../ui/empty";
import { Page } from "../../../ui/screen";
import { EndPage } from "./end-page";

interface Props {
  queue: QueueDto;
  /** Why the server can hand out none. */
  problem: string | null;
  fetching: boolean;
  onRefresh: () => void;
  onUndo: () => void;
}

const retryMs = 5000;

/** Why there is no task, and what to do instead. */
export function NothingLeft(props: Props) {
  const { problem, fetching, onRefresh } = props;
  useEffect(() => {
    if (problem === null || fetching) return;
    const timer = setTimeout(onRefresh, retryMs);
    return () => clearTimeout(timer);
  }, [problem, fetching, onRefresh]);
  if (fetching && problem === null) return <p className="p-8 text-center text-soft">Loading the next records…</p>;
  return (
    <Page>
      <div className="mx-auto max-w-3xl">
        <Reason {...props} />
      </div>
    </Page>
  );
}

function Reason({ queue, problem, onRefresh, onUndo }: Props) {
  if (problem !== null)
    return (
      <Empty
        title="No records right now"
        action={
          <button type="button" onClick={onRefresh} className={buttonClass("primary")}>
            Try again
          </button>
        }
      >
        <span role="status">{problem}</span> Votes that you have given are kept.
      </Empty>
    );
  const { open, quota, progress, assignedOnly, work } = queue;
  if (assignedOnly && work === null)
    return (
      <Empty
        title="Nothing is assigned to you here"
        action={
          <a href="/annotate" className={buttonClass("primary")}>
            All datasets
          </a>
        }
      >
        Records of this dataset go only to people who were given some; whoever reviews it can give you yours.
      </Empty>
    );
  if (quota !== null && progress.judged >= quota && progress.judged < progress.total)
    return (
      <Empty
        title="You have reached your limit"
        action={
          <button type="button" onClick={onUndo} className={buttonClass()}>
            Undo the last vote
          </button>
        }
      >
        This dataset asks each annotator for at most {quota} annotations. Thank you.
      </Empty>
    );
  if (open !== null && open > 0 && work?.left !== 0)
    return (
      <Empty
        title="Nothing to annotate right now"
        action={
          <button type="button" onClick={onRefresh} className={buttonClass("primary")}>
            Refresh
          </button>
        }
      >
        The {open} remaining records are assigned to other annotators, or you have annotated them already.
      </Empty>
    );
  return <EndPage queue={queue} onUndo={onUndo} />;
}
