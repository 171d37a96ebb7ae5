import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { notFound } from "next/navigation";
import { AppError } from "@/lib/errors";
import { answersQuery, curvesQuery, runQuery } from "@/lib/queries";
import { curvesOf } from "@/lib/runs/curves";
import { runDetail, saidBy } from "@/lib/runs/queries";
import type { RunDetail } from "@/lib/runs/schema";
import { getQueryClient } from "../../get-query-client";
import { RunView } from "./run-view";

function load(id: string): RunDetail {
  try {
    return runDetail(id);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
}

export async function generateMetadata({ params }: PageProps<"/runs/[id]">) {
  return { title: load((await params).id).name };
}

export default async function RunPage({ params }: PageProps<"/runs/[id]">) {
  const { id } = await params;
  const client = getQueryClient();
  client.setQueryData(runQuery(id).queryKey, load(id));
  client.setQueryData(curvesQuery(id).queryKey, curvesOf(id, { columns: 400 }));
  client.setQueryData(answersQuery(id).queryKey, saidBy(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunView id={id} />
    </HydrationBoundary>
  );
}
