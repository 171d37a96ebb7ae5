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
            <table className="numbers w-full min-w-[32rem] text-left">
              <thead className="text-soft text-xs">
                <tr>
                  <th className="py-1 pr-4 font-medium">Name</th>
                  <th className="py-1 pr-4 text-right font-medium">Records</th>
                  <th className="py-1 pr-4 text-right font-medium">Annotated by you</th>
                  <th className="py-1 pr-4 text-right font-medium">Labelled</th>
                  <th className="py-1 font-medium">
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {queues.map(({ id, name, progress, decided }) => (
                  <tr key={id} className="border-t">
                    <td className="py-2 pr-4">
                      <Link href={`/data/${id}`} className="font-medium hover:underline">
                        {name}
                      </Link>
                    </td>
                    <td className="py-2 pr-4 text-right">{progress.total}</td>
                    <td className="py-2 pr-4 text-right">{progress.judged}</td>
                    <td className="py-2 pr-4 text-right">{decided}</td>
                    <td className="py-2 text-right">
                      {decided > 0 && annotator && (
                        <a href={`/api/queues/${id}/export`} download className={buttonClass()}>
                          <Download size={15} aria-hidden /> Export
                        </a>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
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
