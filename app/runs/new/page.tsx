import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery, trainingSetsQuery } from "@/lib/queries";
import { listRuns, trainingSets } from "@/lib/runs/queries";
import { getQueryClient } from "../../get-query-client";
import { Page, PageHeader } from "../../ui/parts";
import { LaunchForm } from "./launch-form";

export const metadata: Metadata = { title: "New run" };

export default function NewRunPage() {
  const client = getQueryClient();
  client.setQueryData(trainingSetsQuery.queryKey, trainingSets());
  client.setQueryData(runsQuery.queryKey, listRuns());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page wide>
        <PageHeader
          title="New run"
          about="Every field comes from the schema that also checks run files on the command line."
        />
        <LaunchForm />
      </Page>
    </HydrationBoundary>
  );
}
