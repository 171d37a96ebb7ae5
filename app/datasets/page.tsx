import { Import } from "lucide-react";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { listDatasets } from "@/lib/datasets/manage/list-datasets";
import { sampleSets } from "@/lib/datasets/sample-sets";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { defaultModel } from "@/lib/settings/default-model";
import { buttonClass } from "../ui/buttons";
import { Card } from "../ui/cards";
import { Link } from "../ui/link";
import { Page, PageHeader } from "../ui/screen";
import { DatasetTable } from "./_components/dataset-table";
import { GenerateForm } from "./_components/generate-form";

export const metadata: Metadata = { title: "Datasets" };

export default async function DatasetsPage({ searchParams }: PageProps<"/datasets">) {
  await allow("read");
  const { prompts, writer } = await searchParams;
  const annotator = await currentAnnotator();
  return (
    <Page>
      <PageHeader
        title="Datasets"
        about="Records to annotate, and rows that are ready to train on. Annotated preferences are exported as JSONL in TRL's conversational format."
      >
        <Link href="/datasets/add" className={buttonClass("primary")}>
          <Import size={15} aria-hidden /> Add data
        </Link>
      </PageHeader>
      <div className="grid gap-4">
        <Card>
          <DatasetTable datasets={listDatasets()} known={annotator !== null} now={Date.now()} />
        </Card>
        <div id="generate" data-needs="write" className="min-w-0 scroll-mt-16">
          <GenerateForm
            from={typeof prompts === "string" ? prompts : "everyday"}
            writer={typeof writer === "string" ? writer : `base:${defaultModel() ?? "smollm2-135m-instruct"}`}
          />
        </div>
        <Card title="Sample datasets">
          <ul className="grid gap-2">
            {sampleSets.map(({ id, name, rows, holds, about, path }) => (
              <li key={id}>
                <span className="font-medium">{name}</span>{" "}
                <span className="numbers text-soft">
                  {rows.toLocaleString("en")} {holds === "pairs" ? "pairs" : "rows"}
                </span>
                <p className="text-soft">
                  {about}. <code className="font-mono text-xs">{path}</code>
                </p>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </Page>
  );
}
