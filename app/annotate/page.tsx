import { ArrowRight } from "lucide-react";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { isOpen } from "@/lib/access/dataset-roles";
import type { QueueProgress } from "@/lib/annotation/judging/judging-schema";
import { queuesToAnnotate } from "@/lib/annotation/queues/list-queues";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { may } from "@/spec/roles";
import { getTranslate, PageMessages } from "../_messages/get-translate";
import type { Translate } from "../_messages/translate";
import { buttonClass } from "../ui/buttons";
import { Progress } from "../ui/cards";
import { Empty } from "../ui/empty";
import { LanguageSelect } from "../ui/language-select";
import { Link } from "../ui/link";
import { NameGate } from "../ui/name-gate";
import { Page, PageHeader } from "../ui/screen";
import { OwnWork } from "./_components/own-work";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("datasets.title") });

const begin = ({ judged, total }: QueueProgress) => (judged === 0 ? "start" : judged === total ? "review" : "continue");

export default async function AnnotatePage() {
  await allow("annotate");
  const [annotator, user] = [await currentAnnotator(), await currentUser()];
  if (!annotator) return <NameGate />;
  const t = await getTranslate();
  const queues = queuesToAnnotate(annotator.id);
  return (
    <Page>
      <PageHeader title={t("datasets.title")} about={t("datasets.about")}>
        {user?.id === null && <LanguageSelect />}
      </PageHeader>
      {queues.length === 0 && (
        <Empty
          title={t("datasets.none")}
          action={
            <Link href="/datasets/add" className={buttonClass("primary")}>
              {t("datasets.add")}
            </Link>
          }
        >
          {t("datasets.noneAbout")}
        </Empty>
      )}
      <PageMessages groups={["work"]}>
        <ul className="grid gap-3">
          {queues.map((queue) => (
            <Dataset key={queue.id} queue={queue} t={t} onlyHere={!may(user?.role ?? null, "read")} />
          ))}
        </ul>
      </PageMessages>
    </Page>
  );
}

/** `onlyHere`: whoever looks finds the datasets that they may read nowhere else. */
function Dataset({ queue, t, onlyHere }: { queue: QueueDto; t: Translate; onlyHere: boolean }) {
  const { id, name, about, progress, work } = queue;
  const action = t(`datasets.${begin(progress)}`);
  return (
    <li className="rounded-md border bg-surface p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-base">
            <bdi>{name}</bdi>
          </h2>
          <p className="max-w-[70ch] text-soft">
            <bdi>{about}</bdi>
          </p>
        </div>
        {isOpen({ kind: "annotate", id }, "read") && onlyHere && (
          <Link
            href={`/datasets/${id}`}
            aria-label={t("datasets.named", { action: t("datasets.open"), name })}
            className={`${buttonClass()} ms-auto`}
          >
            {t("datasets.open")}
          </Link>
        )}
        <Link
          href={`/annotate/${id}`}
          aria-label={t("datasets.named", { action, name })}
          className={buttonClass("primary")}
        >
          {action} <ArrowRight size={15} aria-hidden className="rtl:-scale-x-100" />
        </Link>
      </div>
      <div className="mt-3 flex items-center gap-3">
        <div className="flex-1">
          <Progress value={progress.judged / Math.max(1, progress.total)} label={t("datasets.share", { name })} />
        </div>
        <span className="numbers text-soft">
          {t("datasets.progress", { judged: progress.judged, total: progress.total })}
        </span>
      </div>
      {work && <OwnWork work={work} className="mt-2 rounded-md px-2 py-1 text-sm" />}
    </li>
  );
}
