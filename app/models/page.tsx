import type { Metadata } from "next";
import { connection } from "next/server";
import { listModels } from "@/lib/models/list-models";
import { Page, PageHeader } from "../ui/screen";
import { ModelTable } from "./_components/model-table";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  await connection();
  return (
    <Page>
      <PageHeader
        title="Models"
        about="Base models that come with the workbench or that a run was made of, and what finished runs left behind."
      />
      <ModelTable models={await listModels()} now={Date.now()} />
    </Page>
  );
}
