import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { newestRunsQuery, runsAtOnce } from "@/app/_client/queries";
import { listRuns } from "@/lib/runs/list-runs";
import { getQueryClient } from "../_client/get-query-client";
import { RunList } from "./_components/run-list";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  const client = getQueryClient();
  client.setQueryData(newestRunsQuery(runsAtOnce + 1).queryKey, listRuns(runsAtOnce + 1));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunList />
    </HydrationBoundary>
  );
}
