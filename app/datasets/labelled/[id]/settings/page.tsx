import type { Metadata } from "next";
import { teamUrl } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { isOpen } from "@/lib/access/dataset-roles";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { hangsOnLabelled } from "@/lib/datasets/manage/hangs-on";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../../../or-not-found";
import { NameGate } from "../../../../ui/name-gate";
import { DatasetPeople } from "../../../_components/dataset-people";
import { ManageDataset } from "./_components/manage-dataset";

export const metadata: Metadata = { title: "Dataset settings" };

export default async function LabelledSettingsPage({ params }: PageProps<"/datasets/labelled/[id]/settings">) {
  await allow("write", { labelled: params });
  const address = (await params).id;
  const { id, name, rows, archivedAt } = orNotFound(() => liveLabelledOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  const dataset = { kind: "labelled", id } as const;
  return (
    <div className="grid gap-4">
      <ManageDataset
        dataset={{ ...dataset, name, archived: archivedAt !== null, hangsOn: hangsOnLabelled({ id, rows }) }}
      />
      {teamUrl() && isOpen(dataset, "administer") && <DatasetPeople dataset={dataset} />}
    </div>
  );
}
