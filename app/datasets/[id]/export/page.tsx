import type { Metadata } from "next";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { exportCounts } from "@/lib/datasets/snapshots/export-counts";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { ExportView } from "./_components/export-view";

export const metadata: Metadata = { title: "Export" };

export default async function ExportPage({ params }: PageProps<"/datasets/[id]/export">) {
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  return <ExportView id={id} counts={exportCounts(id)} />;
}
