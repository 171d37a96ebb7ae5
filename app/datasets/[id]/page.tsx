import { Download, ListChecks } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { Suspense } from "react";
import { tallyOf } from "@/lib/annotation/judging/tally";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { listRuns } from "@/lib/runs/list-runs";
import { methodOf } from "@/spec/methods/all";
import { orNotFound } from "../../or-not-found";
import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Page, PageHeader } from "../../ui/screen";
import { ExportList } from "./_components/export-list";
import { Guidelines } from "./_components/guidelines";
import { ScoreRecords } from "./_components/score-records";
import { Settings } from "./_components/settings";
import { Statistics, StatisticsComing } from "./_components/statistics";

export const metadata: Metadata = { title: "Dataset" };

export default async function DatasetPage({ params }: PageProps<"/datasets/[id]">) {
  await connection();
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  const queue = getQueue(id, annotator?.id ?? 0);
  const { disputes } = tallyOf(id);
  const rewards = listRuns().filter((run) => methodOf(run).produces === "reward-model" && run.status === "finished");
  return (
    <Page>
      <PageHeader title={queue.name} about={queue.about}>
        <Link href={`/annotate/${id}`} className={buttonClass("primary")}>
          Annotate
        </Link>
        {queue.decided > 0 && (
          <Link href={`/runs/new?queue=${id}`} className={buttonClass()}>
            Train on this dataset
          </Link>
        )}
        <Link href={`/datasets/${id}/quality`} className={buttonClass()}>
          <ListChecks size={15} aria-hidden /> Data checks
        </Link>
        {queue.decided > 0 && annotator && (
          <a href={`/api/queues/${id}/export`} download className={buttonClass()}>
            <Download size={15} aria-hidden /> Export
          </a>
        )}
      </PageHeader>
      <div className="grid gap-4">
        <Card title="Settings">
          <Settings queue={queue} />
          <ScoreRecords queue={queue} rewards={rewards} />
        </Card>
        <Card title="Guidelines">
          <Guidelines queue={queue} />
        </Card>
        {disputes.all > 0 && (
          <Card
            title="Adjudication"
            action={
              <Link href={`/datasets/${id}/adjudication`} className={buttonClass()}>
                Review
              </Link>
            }
          >
            <p className="numbers text-soft">
              {disputes.open} of {disputes.all} disputed records {disputes.open === 1 ? "needs" : "need"} a decision.
              Until then, the votes decide.
            </p>
          </Card>
        )}
        <Suspense fallback={<StatisticsComing />}>
          <Statistics id={id} />
        </Suspense>
        <Card title="Export">
          <ExportList id={id} known={annotator !== null} />
        </Card>
      </div>
    </Page>
  );
}
