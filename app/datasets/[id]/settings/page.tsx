import type { Metadata } from "next";
import { teamUrl } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { isOpen } from "@/lib/access/dataset-roles";
import { listGuidelines } from "@/lib/annotation/guidelines/versions";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { listEndpoints } from "@/lib/endpoints/endpoints";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { listRuns } from "@/lib/runs/list-runs";
import { methodOf } from "@/spec/methods/all";
import { isAlone } from "@/spec/queue-options";
import { orNotFound } from "../../../or-not-found";
import { Card } from "../../../ui/cards";
import { NameGate } from "../../../ui/name-gate";
import { DatasetPeople } from "../../_components/dataset-people";
import { AsSingleAnswers } from "./_components/as-single-answers";
import { GuidelineVersions } from "./_components/guideline-versions";
import { JudgeRecords } from "./_components/judge-records";
import { ScoreRecords } from "./_components/score-records";
import { SettingsForm } from "./_components/settings-form";

export const metadata: Metadata = { title: "Dataset settings" };

export default async function SettingsPage({ params }: PageProps<"/datasets/[id]/settings">) {
  await allow("write", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const queue = getQueue(id, annotator.id);
  const rewards = listRuns().filter((run) => methodOf(run).produces === "reward-model" && run.status === "finished");
  return (
    <div className="grid gap-4">
      <SettingsForm queue={queue} />
      <GuidelineVersions versions={listGuidelines(id)} />
      {teamUrl() && isOpen({ kind: "annotate", id }, "administer") && (
        <DatasetPeople dataset={{ kind: "annotate", id }} />
      )}
      {!isAlone(queue.mode) && <AsSingleAnswers id={id} />}
      {!isAlone(queue.mode) && (
        <Card title="Judges">
          <JudgeRecords queueId={id} endpoints={listEndpoints()} />
        </Card>
      )}
      {!isAlone(queue.mode) && (
        <Card title="Scores">
          <ScoreRecords queue={queue} rewards={rewards} />
        </Card>
      )}
    </div>
  );
}
