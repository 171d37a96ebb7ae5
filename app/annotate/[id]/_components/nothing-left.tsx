import Link from "next/link";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { buttonClass } from "../../../ui/buttons";
import { Empty, Page, PageHeader } from "../../../ui/screen";

interface Props {
  queue: QueueDto;
  fetching: boolean;
  onLook: () => void;
  onUndo: () => void;
}

/** Why there is no task, and what to do instead. */
export function NothingLeft(props: Props) {
  if (props.fetching) return <p className="p-8 text-center text-soft">Fetching the next pairs…</p>;
  return (
    <Page>
      <PageHeader title={props.queue.name} />
      <Reason {...props} />
    </Page>
  );
}

function Reason({ queue, onLook, onUndo }: Props) {
  const { id, open, quota, progress, model } = queue;
  if (quota !== null && progress.judged >= quota && progress.judged < progress.total)
    return (
      <Empty
        title="You have done your share"
        action={
          <button type="button" onClick={onUndo} className={buttonClass()}>
            Undo the last vote
          </button>
        }
      >
        This queue asks {quota} judgements of each annotator. Thank you.
      </Empty>
    );
  if (open !== null && open > 0)
    return (
      <Empty
        title="Nothing for you just now"
        action={
          <button type="button" onClick={onLook} className={buttonClass("primary")}>
            Look again
          </button>
        }
      >
        The {open} pairs that still want a judgement lie before other people, or you have judged them.
      </Empty>
    );
  return (
    <Empty
      title="Queue finished"
      action={
        <>
          <Link href={`/runs/new?queue=${id}`} className={buttonClass("primary")}>
            Train on these
          </Link>
          <Link href={`/data/${id}`} className={buttonClass()}>
            What came of it
          </Link>
          <button type="button" onClick={onUndo} className={buttonClass()}>
            Undo the last vote
          </button>
        </>
      }
    >
      {progress.total} pairs, {progress.skipped} skipped. Thank you.
      {model.of > 0 && ` You and the reward model agree on ${model.agreed} of ${model.of} pairs.`}
    </Empty>
  );
}
