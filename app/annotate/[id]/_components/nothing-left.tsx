import { useEffect } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { QueueDto, ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { buttonClass } from "../../../ui/buttons";
import { Empty } from "../../../ui/empty";
import { Page } from "../../../ui/screen";
import { EndPage } from "./end-page";

interface Props {
  queue: QueueDto;
  /** Why the server can hand out none. */
  problem: ScreenDto["problem"];
  fetching: boolean;
  onRefresh: () => void;
  onUndo: () => void;
}

const retryMs = 5000;

/** Why there is no task, and what to do instead. */
export function NothingLeft(props: Props) {
  const t = useTranslate();
  const { problem, fetching, onRefresh } = props;
  useEffect(() => {
    if (problem === null || fetching) return;
    const timer = setTimeout(onRefresh, retryMs);
    return () => clearTimeout(timer);
  }, [problem, fetching, onRefresh]);
  if (fetching && problem === null) return <p className="p-8 text-center text-soft">{t("end.loading")}</p>;
  return (
    <Page>
      <div className="mx-auto max-w-3xl">
        <Reason {...props} />
      </div>
    </Page>
  );
}

function Reason({ queue, problem, onRefresh, onUndo }: Props) {
  const t = useTranslate();
  if (problem !== null)
    return (
      <Empty
        title={t("end.none")}
        action={
          <button type="button" onClick={onRefresh} className={buttonClass("primary")}>
            {t("end.tryAgain")}
          </button>
        }
      >
        <span role="status">{t(`end.${problem}`)}</span> {t("end.votesKept")}
      </Empty>
    );
  const { open, quota, progress, assignedOnly, work } = queue;
  if (assignedOnly && work === null)
    return (
      <Empty
        title={t("end.unassigned")}
        action={
          <a href="/annotate" className={buttonClass("primary")}>
            {t("screen.allDatasets")}
          </a>
        }
      >
        {t("end.unassignedAbout")}
      </Empty>
    );
  if (quota !== null && progress.judged >= quota && progress.judged < progress.total)
    return (
      <Empty
        title={t("end.limit")}
        action={
          <button type="button" onClick={onUndo} className={buttonClass()}>
            {t("end.undoLast")}
          </button>
        }
      >
        {t("end.limitAbout", { quota })}
      </Empty>
    );
  if (open !== null && open > 0 && work?.left !== 0)
    return (
      <Empty
        title={t("end.taken")}
        action={
          <button type="button" onClick={onRefresh} className={buttonClass("primary")}>
            {t("end.refresh")}
          </button>
        }
      >
        {t("end.takenAbout", { open })}
      </Empty>
    );
  return <EndPage queue={queue} onUndo={onUndo} />;
}
