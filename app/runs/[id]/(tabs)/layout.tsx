import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { curvesQuery, runQuery, samplesQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { curvesOf } from "@/lib/runs/curves";
import { samplesOf } from "@/lib/runs/run-samples";
import { getQueryClient } from "../../../_client/get-query-client";
import { load } from "../_components/load";
import { RunFrame } from "../_components/run-frame";

export async function generateMetadata({ params }: LayoutProps<"/runs/[id]">) {
  await allow("read");
  return { title: load((await params).id).name };
}

export default async function RunLayout({ params, children }: LayoutProps<"/runs/[id]">) {
  await allow("read");
  const { id } = await params;
  const client = getQueryClient();
  client.setQueryData(runQuery(id).queryKey, load(id));
  client.setQueryData(curvesQuery(id).queryKey, curvesOf(id, { axis: "step", columns: 400 }));
  client.setQueryData(samplesQuery(id).queryKey, samplesOf(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunFrame id={id}>{children}</RunFrame>
    </HydrationBoundary>
  );
}
