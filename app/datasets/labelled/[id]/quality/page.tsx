import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { isReady } from "@/lib/datasets/labelled/index-work";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { trainingSets } from "@/lib/runs/training-sets";
import { orNotFound } from "../../../../or-not-found";
import { NameGate } from "../../../../ui/name-gate";
import { RowChecks } from "../../../_components/row-checks";
import { Indexing } from "../_components/indexing";

export const metadata: Metadata = { title: "Data quality" };

export default async function LabelledQualityPage({ params }: PageProps<"/datasets/labelled/[id]/quality">) {
  await allow("read", { labelled: params });
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  if (!(await isReady(set))) return <Indexing id={set.id} />;
  const others = trainingSets().filter(
    ({ kind, id }) => kind !== "rewrites" && !(kind === "labelled" && id === set.id),
  );
  const datasets = others.map(({ kind, id, name }) => ({ key: `${kind}:${id}`, name }));
  return <RowChecks dataset={{ kind: "labelled", id: set.id }} datasets={datasets} />;
}
