import type { Metadata } from "next";
import { Suspense } from "react";
import { allow } from "@/lib/access/allow";
import { runsOnQueue } from "@/lib/access/hidden-runs";
import { tallyOf } from "@/lib/annotation/judging/tally";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { queueProvenance } from "@/lib/datasets/add/provenance";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { defaultModel } from "@/lib/settings/default-model";
import { isAlone } from "@/spec/queue-options";
import { orNotFound } from "../../or-not-found";
import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Link } from "../../ui/link";
import { Prose } from "../../ui/prose";
import { ProvenanceCard } from "../_components/provenance-card";
import { RunList } from "../_components/run-list";
import { ContinueSteps } from "./_components/continue-steps";
import { Counts } from "./_components/counts";
import { Statistics, StatisticsComing } from "./_components/statistics";

export const metadata: Metadata = { title: "Dataset" };

export default async function DatasetPage({ params }: PageProps<"/datasets/[id]">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  const queue = getQueue(id, annotator?.id ?? 0);
  const { disputes } = tallyOf(id);
  return (
    <div className="grid gap-4">
      <Card title="Records">
        <Counts queue={queue} disputes={disputes.all} />
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
      {queue.mode === "steps" && (
        <div id="continue" data-needs="write" className="min-w-0 scroll-mt-16">
          <ContinueSteps
            queue={{ id, name: queue.name, decided: queue.decided }}
            model={defaultModel() ?? "smollm2-135m-instruct"}
          />
        </div>
      )}
      <Suspense fallback={<StatisticsComing />}>
        <Statistics id={id} single={isAlone(queue.mode)} />
      </Suspense>
      <Card
        title="Guidelines"
        action={
          <Link href={`/datasets/${id}/settings`} className={buttonClass()}>
            {queue.guidelines ? "Edit guidelines" : "Write guidelines"}
          </Link>
        }
      >
        {queue.guidelines ? (
          <Prose html={queue.guidelinesHtml} />
        ) : (
          <p className="text-soft">No guidelines yet. Say what counts, what does not, and what to do when in doubt.</p>
        )}
      </Card>
      <ProvenanceCard imports={queueProvenance(id)} />
      <RunList runs={runsOnQueue(id)} />
    </div>
  );
}
