import { statSync } from "node:fs";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { connection } from "next/server";
import { snapshotFile } from "@/common/env";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { fileName } from "@/lib/file-name";
import { sizeWords } from "@/lib/storage/storage-schema";
import { kindWords } from "@/spec/label-kinds";
import { orNotFound } from "../../../../or-not-found";
import { buttonClass } from "../../../../ui/buttons";
import { Card } from "../../../../ui/cards";

export const metadata: Metadata = { title: "Export" };

export default async function LabelledExportPage({ params }: PageProps<"/datasets/labelled/[id]/export">) {
  await connection();
  const address = (await params).id;
  const { id, name, holds, rows, sha256 } = orNotFound(() => liveLabelledOf(address));
  const file = `${fileName(name)}.jsonl`;
  return (
    <Card title="Rows as they came">
      <p className="numbers mb-3">
        {rows.toLocaleString("en")} {kindWords[holds]} as JSON lines, {sizeWords(statSync(snapshotFile(sha256)).size)},
        with all columns.
      </p>
      <a href={`/api/labelled/${id}/export`} download className={buttonClass("primary")}>
        <Download size={15} aria-hidden /> Download
      </a>
      <p className="mt-4 text-soft">In Python:</p>
      <pre className="overflow-x-auto rounded-md bg-raised p-3 font-mono text-xs">
        load_dataset("json", data_files="{file}", split="train")
      </pre>
      <p className="mt-4 text-soft">In a run file:</p>
      <pre className="overflow-x-auto rounded-md bg-raised p-3 font-mono text-xs">
        {`"data": { "train": "labelled:${id}" }`}
      </pre>
    </Card>
  );
}
