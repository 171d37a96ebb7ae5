import { statSync } from "node:fs";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { versionFile } from "@/lib/datasets/labelled/versions/version-file";
import { newestVersion } from "@/lib/datasets/labelled/versions/versions";
import { fileName } from "@/lib/file-name";
import { sizeWords } from "@/lib/storage/storage-schema";
import { kindWords } from "@/spec/label-kinds";
import { orNotFound } from "../../../../or-not-found";
import { buttonClass } from "../../../../ui/buttons";
import { Card } from "../../../../ui/cards";

export const metadata: Metadata = { title: "Export" };

export default async function LabelledExportPage({ params }: PageProps<"/datasets/labelled/[id]/export">) {
  await allow("read", { labelled: params });
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  const { id, name, holds } = set;
  const { rows, number } = newestVersion(set);
  const size = statSync(await versionFile(set, number)).size;
  const file = `${fileName(name)}.jsonl`;
  return (
    <Card title={number === 1 ? "Rows as they came" : `Rows of version ${number}`}>
      <p className="numbers mb-3">
        {rows.toLocaleString("en")} {kindWords[holds]} as JSON lines, {sizeWords(size)}, with all columns.
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
