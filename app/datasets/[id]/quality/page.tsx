import type { Metadata } from "next";
import { connection } from "next/server";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { DataChecks } from "./_components/data-checks";

export const metadata: Metadata = { title: "Data quality" };

export default async function QualityPage({ params }: PageProps<"/datasets/[id]/quality">) {
  await connection();
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  return <DataChecks queueId={id} />;
}
