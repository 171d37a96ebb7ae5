import Link from "next/link";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { buttonClass } from "../../../ui/buttons";
import { Empty, Page, PageHeader } from "../../../ui/screen";

interface Props {
  queue: QueueDto;
  fetching: boolean;
  onRefresh: () => void;
  onUndo: () => void;
}

/** Why there is no task, and what to do instead. */
export function NothingLeft(props: Props) {
  if (props.fetching) return <p className="p-8 text-center text-soft">Loading the next records…</p>;
  return (
    <Page>
      <PageHeader title={props.queue.name} />
      <Reason {...props} />
    </Page>
  );
}

function Reason({ queue, onRefresh, onUndo }: Props) {
  const { id, open, quota, progress, model } = queue;
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
  if (open !== null && open > 0)
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
  return (
    <Empty
      title="All done"
      action={
        <>
          <Link href={`/runs/new?queue=${id}`} className={buttonClass("primary")}>
            Train on this dataset
          </Link>
          <Link href={`/data/${id}`} className={buttonClass()}>
            See results
          </Link>
          <button type="button" onClick={onUndo} className={buttonClass()}>
            Undo the last vote
          </button>
        </>
      }
    >
      {progress.total} records, {progress.skipped} skipped. Thank you.
      {model.of > 0 && ` You and the reward model agree on ${model.agreed} of ${model.of} records.`}
    </Empty>
  );
}
