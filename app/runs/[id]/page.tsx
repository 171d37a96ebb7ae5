import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { curvesQuery, runQuery, samplesQuery } from "@/app/_client/queries";
import { curvesOf } from "@/lib/runs/curves";
import { samplesOf } from "@/lib/runs/run-samples";
import { getQueryClient } from "../../_client/get-query-client";
import { load } from "./_components/load";
import { RunView } from "./_components/run-view";

export async function generateMetadata({ params }: PageProps<"/runs/[id]">) {
  return { title: load((await params).id).name };
}

export default async function RunPage({ params }: PageProps<"/runs/[id]">) {
  const { id } = await params;
  const client = getQueryClient();
  client.setQueryData(runQuery(id).queryKey, load(id));
  client.setQueryData(curvesQuery(id).queryKey, curvesOf(id, { columns: 400 }));
  client.setQueryData(samplesQuery(id).queryKey, samplesOf(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunView id={id} />
    </HydrationBoundary>
  );
}
