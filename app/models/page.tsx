import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { modelsQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { listModels } from "@/lib/models/list-models";
import { getQueryClient } from "../_client/get-query-client";
import { Page, PageHeader } from "../ui/screen";
import { AddModel } from "./_components/add-model";
import { ModelTable } from "./_components/model-table";
import { Tokenizers } from "./_components/tokenizers";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  await allow("read");
  const client = getQueryClient();
  client.setQueryData(modelsQuery.queryKey, await listModels());
  return (
    <Page>
      <PageHeader
        title="Models"
        about="Base models that come with the workbench, that were added or that a run was made of, and what finished runs left behind."
      />
      <HydrationBoundary state={dehydrate(client)}>
        <AddModel />
        <ModelTable now={Date.now()} />
        <Tokenizers />
      </HydrationBoundary>
    </Page>
  );
}
