import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { listRecordVersions } from "@/lib/annotation/data-checks/record-versions";
import { tallyOf } from "@/lib/annotation/judging/tally";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { recordsIn } from "@/lib/annotation/records/record-facts";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { trainingSets } from "@/lib/runs/training-sets";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { RowChecks } from "../../_components/row-checks";
import { VersionList } from "../../_components/version-list";

export const metadata: Metadata = { title: "Data quality" };

export default async function QualityPage({ params }: PageProps<"/datasets/[id]/quality">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  const others = trainingSets().filter(
    ({ kind, ...one }) => kind !== "rewrites" && !(kind === "queue" && one.id === id),
  );
  const versions = listRecordVersions(id);
  const dataset = { kind: "annotate", id } as const;
  return (
    <div className="grid gap-4">
      <RowChecks dataset={dataset} datasets={others.map(({ kind, id, name }) => ({ key: `${kind}:${id}`, name }))} />
      {versions.length > 0 && (
        <VersionList dataset={dataset} versions={versions} rows={recordsIn(tallyOf(id)).length} />
      )}
    </div>
  );
}
