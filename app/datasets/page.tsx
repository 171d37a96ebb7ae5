import { Download } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { listQueues } from "@/lib/annotation/queues/list-queues";
import { listLabelled } from "@/lib/datasets/labelled/labelled-sets";
import { sampleSets } from "@/lib/datasets/sample-sets";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { buttonClass } from "../ui/buttons";
import { Card } from "../ui/cards";
import { Page, PageHeader } from "../ui/screen";
import { Table } from "../ui/table";
import { GenerateForm } from "./_components/generate-form";
import { ImportForm } from "./_components/import-form";
import { LabelledTable } from "./_components/labelled-table";

export const metadata: Metadata = { title: "Datasets" };

export default async function DataPage() {
  const labelled = listLabelled();
  const annotator = await currentAnnotator();
  const queues = listQueues(annotator?.id ?? 0);
  return (
    <Page>
      <PageHeader
        title="Datasets"
        about="Records to annotate, and files that came with labels. Annotated preferences are exported as JSONL in TRL's conversational format."
      />
      <div className="grid gap-4">
        <Card title="To annotate">
          <div className="relative overflow-x-auto">
            <Table
              className="min-w-[32rem]"
              rows={queues}
              keyOf={({ id }) => id}
              columns={[
                {
                  name: "Name",
                  cell: ({ id, name }) => (
                    <Link href={`/datasets/${id}`} className="hover:underline">
                      {name}
                    </Link>
                  ),
                },
                { name: "Records", numeric: true, cell: ({ progress }) => progress.total },
                { name: "Annotated by you", numeric: true, cell: ({ progress }) => progress.judged },
                { name: "Labelled", numeric: true, cell: ({ decided }) => decided },
                {
                  name: "Actions",
                  silent: true,
                  numeric: true,
                  cell: ({ id, decided }) =>
                    decided > 0 &&
                    annotator && (
                      <a href={`/api/queues/${id}/export`} download className={buttonClass()}>
                        <Download size={15} aria-hidden /> Export
                      </a>
                    ),
                },
              ]}
            />
          </div>
        </Card>
        {labelled.length > 0 && (
          <Card title="Labelled datasets">
            <LabelledTable sets={labelled} />
          </Card>
        )}
        <GenerateForm />
        <ImportForm />
        <Card title="Sample datasets">
          <ul className="grid gap-2">
            {sampleSets.map(({ id, name, rows, about, path }) => (
              <li key={id}>
                <span className="font-medium">{name}</span>{" "}
                <span className="numbers text-soft">{rows.toLocaleString("en")} pairs</span>
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
