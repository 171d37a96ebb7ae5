import type { Metadata } from "next";
import { z } from "zod";
import { localeOf } from "@/common/written-language";
import { allow } from "@/lib/access/allow";
import { newestGuidelines, unreadGuidelines } from "@/lib/annotation/guidelines/versions";
import { ownStatuses } from "@/lib/annotation/judging/judging-schema";
import { openingList } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { getTranslate, PageMessages } from "../../../_messages/get-translate";
import { orNotFound } from "../../../or-not-found";
import { Empty } from "../../../ui/empty";
import { NameGate } from "../../../ui/name-gate";
import { Page } from "../../../ui/screen";
import { GuidelinesFirst } from "./_components/guidelines-first";
import { RecordList } from "./_components/record-list";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("list.title") });

const query = z.object({
  mine: z.enum(ownStatuses).catch("pending"),
  after: z.coerce.number().int().min(1).nullable().catch(null),
});

/** The annotator's records of a dataset, 25 a page, to be annotated one line each. */
export default async function AnnotateListPage({ params, searchParams }: PageProps<"/annotate/[id]/list">) {
  await allow("annotate", { annotate: params });
  const { id } = await params;
  const { mine, after } = query.parse(await searchParams);
  const queue = orNotFound(() => queueOf(id));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const t = await getTranslate();
  const list = await openingList(annotator.id, queue, { status: mine, after });
  const unread = list.problem === null ? unreadGuidelines(annotator.id, queue.id) : null;
  if (unread)
    return (
      <Page>
        <h1 className="sr-only">{queue.name}</h1>
        <PageMessages groups={["guidelines"]}>
          <GuidelinesFirst queueId={queue.id} unread={unread} />
        </PageMessages>
      </Page>
    );
  const { counts, page, pages, previous, next, records, problem } = list;
  const address = (status: string, at = 0) =>
    `/annotate/${queue.id}/list?mine=${status}${at === 0 ? "" : `&after=${at}`}`;
  const tab =
    "flex min-h-9 items-center gap-1.5 rounded-md px-2 text-soft hover:bg-raised aria-[current=page]:bg-raised aria-[current=page]:text-ink";
  return (
    <Page>
      <header className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <a href="/annotate" aria-label={t("screen.allDatasets")} className={tab}>
          <span className="rtl:-scale-x-100">←</span>
        </a>
        <h1 dir="auto" className="min-w-0 truncate text-lg max-md:flex-1">
          {queue.name}
        </h1>
        <nav aria-label={t("list.mine")} className="flex flex-wrap gap-1 max-md:order-last">
          {ownStatuses.map((status) => (
            <a
              key={status}
              href={address(status)}
              aria-current={status === mine ? "page" : undefined}
              className={`${tab} first-letter:uppercase`}
            >
              <span className="first-letter:uppercase">{t(`list.${status}`)}</span>
              <span className="numbers text-soft">{counts[status].toLocaleString(localeOf(t.language))}</span>
            </a>
          ))}
        </nav>
        <a href={`/annotate/${queue.id}`} className={`${tab} ms-auto`}>
          {t("list.focus")}
        </a>
      </header>
      {problem !== null && (
        <p role="status" className="mb-3 rounded-md border bg-surface p-3 text-warn">
          {t(`end.${problem}`)}
        </p>
      )}
      {records.length === 0 ? (
        <Empty title={t("list.nothing", { status: mine })}>
          {t(mine === "pending" ? "list.nonePending" : "list.noneOther")}
        </Empty>
      ) : (
        <PageMessages groups={["list", "screen", "vote", "unsaved"]}>
          <RecordList
            key={`${mine}/${after}`}
            annotatorId={annotator.id}
            queue={queue}
            guidelines={newestGuidelines(queue.id)}
            records={records}
          />
        </PageMessages>
      )}
      {pages > 1 && (
        <nav aria-label={t("list.pages")} className="mt-4 flex items-center gap-3">
          {previous !== null && (
            <a href={address(mine, previous)} className="underline">
              {t("list.previous")}
            </a>
          )}
          <span className="numbers text-soft">{t("list.page", { page, pages })}</span>
          {next !== null && (
            <a href={address(mine, next)} className="underline">
              {t("list.next")}
            </a>
          )}
        </nav>
      )}
    </Page>
  );
}
