"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { DatasetRow } from "@/lib/datasets/manage/list-datasets";
import { DatasetMenu } from "./dataset-menu";
import type { NamedDataset } from "./dataset-requests";
import { NameField } from "./name-field";

/** The name over a dataset's pages, and the menu beside it. */
export function DatasetTitle({
  dataset,
  known,
}: {
  dataset: NamedDataset & Pick<DatasetRow, "archived" | "hangsOn">;
  known: boolean;
}) {
  const router = useRouter();
  const [renaming, setRenaming] = useState(false);
  if (renaming) return <NameField dataset={dataset} onClose={() => setRenaming(false)} />;
  return (
    <div className="flex items-center gap-2">
      <h1 className="break-words text-xl leading-tight">{dataset.name}</h1>
      {dataset.archived && <span className="rounded border px-1.5 text-soft text-xs">archived</span>}
      {known && (
        <DatasetMenu dataset={dataset} onRename={() => setRenaming(true)} onDeleted={() => router.push("/datasets")} />
      )}
    </div>
  );
}
