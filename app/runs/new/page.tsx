import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { labelledOf } from "@/lib/labelled/store";
import { runsQuery, trainingSetsQuery } from "@/lib/queries";
import { queueOf } from "@/lib/queues/found";
import { listRuns, trainingSets } from "@/lib/runs/queries";
import { cloneStart, demoStart, labelledStart, queueStart } from "@/lib/runs/start";
import { getQueryClient } from "../../get-query-client";
import { orNotFound } from "../../or-not-found";
import { Page, PageHeader } from "../../ui/screen";
import { LaunchForm } from "./launch-form";

export const metadata: Metadata = { title: "New run" };

export default async function NewRunPage({ searchParams }: PageProps<"/runs/new">) {
  const { queue, labelled, from, step } = await searchParams;
  const start = orNotFound(() =>
    typeof from === "string"
      ? cloneStart(from, typeof step === "string" ? Number(step) : null)
      : typeof queue === "string"
        ? queueStart(queueOf(queue).id)
        : typeof labelled === "string"
          ? labelledStart(labelledOf(labelled).id)
          : demoStart,
  );
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
        <LaunchForm key={JSON.stringify(start)} start={start} />
      </Page>
    </HydrationBoundary>
  );
}
