import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery, trainingSetsQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { listRuns } from "@/lib/runs/list-runs";
import { trainingSets } from "@/lib/runs/training-sets";
import { getQueryClient } from "../../_client/get-query-client";
import { Page, PageHeader } from "../../ui/screen";
import { Pipeline } from "./_components/pipeline";

export const metadata: Metadata = { title: "Pipeline" };

export default async function PipelinePage() {
  await allow("write");
  const client = getQueryClient();
  client.setQueryData(trainingSetsQuery.queryKey, trainingSets());
  client.setQueryData(runsQuery.queryKey, listRuns());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page>
        <PageHeader
          title="Pipeline"
          about="Pre-training, SFT, a reward model, and policies from both, queued in one go. Each run starts once those that it needs have finished."
        />
        <Pipeline />
      </Page>
    </HydrationBoundary>
  );
}
