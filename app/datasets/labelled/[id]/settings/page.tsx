import type { Metadata } from "next";
import { connection } from "next/server";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { hangsOnLabelled } from "@/lib/datasets/manage/hangs-on";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../../../or-not-found";
import { NameGate } from "../../../../ui/name-gate";
import { ManageDataset } from "./_components/manage-dataset";

export const metadata: Metadata = { title: "Dataset settings" };

export default async function LabelledSettingsPage({ params }: PageProps<"/datasets/labelled/[id]/settings">) {
  await connection();
  const address = (await params).id;
  const { id, name, rows, archivedAt } = orNotFound(() => liveLabelledOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  return (
    <ManageDataset
      dataset={{ kind: "labelled", id, name, archived: archivedAt !== null, hangsOn: hangsOnLabelled({ id, rows }) }}
    />
  );
}
