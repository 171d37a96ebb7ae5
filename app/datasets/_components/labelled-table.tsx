import { Download } from "lucide-react";
import Link from "next/link";
import type { LabelledSet } from "@/lib/db/tables/training-sets";
import { kindWords } from "@/spec/label-kinds";
import { buttonClass } from "../../ui/buttons";
import { Table } from "../../ui/table";

/** Imported files that already have labels. */
export function LabelledTable({ sets }: { sets: LabelledSet[] }) {
  return (
    <div className="relative overflow-x-auto">
      <Table
        className="min-w-[32rem]"
        rows={sets}
        keyOf={({ id }) => id}
        columns={[
          { name: "Name", cell: ({ name }) => name },
          { name: "Records", numeric: true, cell: ({ rows }) => rows.toLocaleString("en") },
          { name: "Type", cell: ({ holds }) => kindWords[holds] },
          { name: "Actions", silent: true, cell: ({ id }) => <Actions id={id} /> },
        ]}
      />
    </div>
  );
}

const Actions = ({ id }: { id: number }) => (
  <div className="flex justify-end gap-2">
    <Link href={`/runs/new?labelled=${id}`} className={buttonClass()}>
      Train on this dataset
    </Link>
    <a href={`/api/labelled/${id}/export`} download className={buttonClass()}>
      <Download size={15} aria-hidden /> Export
    </a>
  </div>
);
