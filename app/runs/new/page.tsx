import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { endpointsQuery, runsQuery, trainingSetsQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { listEndpoints } from "@/lib/endpoints/endpoints";
import { cloneStart, demoStart, labelledStart, modelStart, queueStart } from "@/lib/runs/form-start";
import { listRuns } from "@/lib/runs/list-runs";
import { trainingSets } from "@/lib/runs/training-sets";
import { getQueryClient } from "../../_client/get-query-client";
import { orNotFound } from "../../or-not-found";
import { Page, PageHeader } from "../../ui/screen";
import { LaunchForm } from "./_components/launch-form";

export const metadata: Metadata = { title: "New run" };

export default async function NewRunPage({ searchParams }: PageProps<"/runs/new">) {
  await allow("write");
  const { queue, labelled, writer, model, from, step } = await searchParams;
  const start = orNotFound(() =>
    typeof from === "string"
      ? cloneStart(from, step === "last" ? step : typeof step === "string" ? Number(step) : null)
      : typeof queue === "string"
        ? queueStart(queueOf(queue).id)
        : typeof labelled === "string"
          ? labelledStart(labelledOf(labelled).id, typeof writer === "string" ? writer : undefined)
          : typeof model === "string"
            ? modelStart(model)
            : demoStart,
  );
  const client = getQueryClient();
  client.setQueryData(trainingSetsQuery.queryKey, trainingSets());
  client.setQueryData(runsQuery.queryKey, listRuns());
  client.setQueryData(endpointsQuery.queryKey, listEndpoints());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page>
        <PageHeader
          title="New run"
          about="Every field comes from the schema that also checks run files on the command line."
        />
        <LaunchForm
          key={JSON.stringify(start)}
          start={start}
          place={JSON.stringify([queue, labelled, writer, model, from, step])}
        />
      </Page>
    </HydrationBoundary>
  );
}
