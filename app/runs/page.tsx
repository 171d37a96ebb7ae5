import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runTableQuery } from "@/app/_client/queries";
import { runTable } from "@/lib/runs/run-table";
import { getQueryClient } from "../_client/get-query-client";
import { RunList } from "./_components/run-list";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  const client = getQueryClient();
  client.setQueryData(runTableQuery.queryKey, runTable());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunList now={Date.now()} />
    </HydrationBoundary>
  );
}
