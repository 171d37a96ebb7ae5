import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getQueryClient } from "@/app/_client/get-query-client";
import { trainingSetsQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { trainingSets } from "@/lib/runs/training-sets";
import { Link } from "../../../ui/link";
import { Page, PageHeader } from "../../../ui/screen";
import { modelPage } from "../../model-path";
import { modelOf } from "../model-of";
import { TemplateEditor } from "./_components/template-editor";

export async function generateMetadata({ params }: PageProps<"/models/[id]/template">): Promise<Metadata> {
  await allow("read");
  const { model } = await modelOf((await params).id);
  return { title: `Chat template of ${model.name}` };
}

/** How conversations are written for a base model: its template, edited, seen on rows, and saved as a new model. */
export default async function TemplatePage({ params }: PageProps<"/models/[id]/template">) {
  await allow("read");
  const { model } = await modelOf((await params).id);
  if (model.kind !== "base" || model.bytes === null || model.scores) notFound();
  const client = getQueryClient();
  client.setQueryData(trainingSetsQuery.queryKey, trainingSets());
  return (
    <Page>
      <PageHeader
        title={
          <>
            Chat template of{" "}
            <Link href={modelPage(model.id)} className="underline">
              {model.name}
            </Link>
          </>
        }
        about="How the turns of a conversation become one text, in Jinja. The rows beside it are rendered by what trains, tokens included."
      />
      <HydrationBoundary state={dehydrate(client)}>
        <TemplateEditor source={model.id} name={model.name} />
      </HydrationBoundary>
    </Page>
  );
}
