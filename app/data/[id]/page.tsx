import { Download, Stethoscope } from "lucide-react";
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
import { Guidelines } from "./_components/guidelines";
import { Scores } from "./_components/scores";
import { Statistics, StatisticsComing } from "./_components/statistics";
import { TakeAway } from "./_components/take-away";
import { Work } from "./_components/work";

export const metadata: Metadata = { title: "Queue" };

export default async function QueuePage({ params }: PageProps<"/data/[id]">) {
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
          Rank pairs
        </Link>
        {queue.decided > 0 && (
          <Link href={`/runs/new?queue=${id}`} className={buttonClass()}>
            Train on these
          </Link>
        )}
        <Link href={`/data/${id}/doctor`} className={buttonClass()}>
          <Stethoscope size={15} aria-hidden /> Doctor
        </Link>
        {queue.decided > 0 && annotator && (
          <a href={`/api/queues/${id}/export`} download className={buttonClass()}>
            <Download size={15} aria-hidden /> Export
          </a>
        )}
      </PageHeader>
      <div className="grid gap-4">
        <Card title="Work">
          <Work queue={queue} />
          <Scores queue={queue} rewards={rewards} />
        </Card>
        <Card title="Guidelines">
          <Guidelines queue={queue} />
        </Card>
        {disputes.all > 0 && (
          <Card
            title="Disagreements"
            action={
              <Link href={`/data/${id}/review`} className={buttonClass()}>
                Review
              </Link>
            }
          >
            <p className="numbers text-soft">
              {disputes.open} of {disputes.all} pairs on which people disagree {disputes.open === 1 ? "wants" : "want"}{" "}
              a ruling. Until there is one, the balance of the votes decides.
            </p>
          </Card>
        )}
        <Suspense fallback={<StatisticsComing />}>
          <Statistics id={id} />
        </Suspense>
        <Card title="Take away">
          <TakeAway id={id} known={annotator !== null} />
        </Card>
      </div>
    </Page>
  );
}
