import { Download, Stethoscope } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { leastShared } from "@/lib/agreement/schema";
import { agreementOf } from "@/lib/agreement/store";
import { currentAnnotator } from "@/lib/annotators/queries";
import { ratingsOf } from "@/lib/arena/store";
import { tallyOf } from "@/lib/judgements/tally";
import { queueOf } from "@/lib/queues/found";
import { getQueue } from "@/lib/queues/queries";
import { listRuns } from "@/lib/runs/queries";
import { orNotFound } from "../../or-not-found";
import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Page, PageHeader } from "../../ui/screen";
import { Guidelines } from "./guidelines";
import { Measures } from "./measures";
import { Raters } from "./raters";
import { Ratings } from "./ratings";
import { Scores } from "./scores";
import { TakeAway } from "./take-away";
import { Work } from "./work";

export const metadata: Metadata = { title: "Queue" };

export default async function QueuePage({ params }: PageProps<"/data/[id]">) {
  await connection();
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  const queue = getQueue(id, annotator?.id ?? 0);
  const { disputes } = tallyOf(id);
  const { raters, shared, measures } = agreementOf(id);
  const ratings = ratingsOf(id);
  const rewards = listRuns().filter(({ method, status }) => method === "reward" && status === "finished");
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
        {ratings.length > 0 && (
          <Card title="Who writes better">
            <Ratings ratings={ratings} />
          </Card>
        )}
        <Card title="Agreement">
          {measures ? (
            <Measures measures={measures} shared={shared} />
          ) : (
            <p className="text-soft">
              {shared === 0 ? "No pair has" : `${shared} ${shared === 1 ? "pair has" : "pairs have"}`} been judged by
              two people so far; agreement is shown from {leastShared} on.
            </p>
          )}
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
        <Card title="Annotators">
          {raters.length === 0 ? (
            <p className="text-soft">Nobody has judged a pair yet.</p>
          ) : (
            <Raters raters={raters} />
          )}
        </Card>
        <Card title="Take away">
          <TakeAway id={id} known={annotator !== null} />
        </Card>
      </div>
    </Page>
  );
}
