import { Download } from "lucide-react";
import Link from "next/link";
import type { LabelledSet } from "@/lib/db/tables/training-sets";
import { kindWords } from "@/spec/label-kinds";
import { buttonClass } from "../../ui/buttons";

/** Imported files that already have labels. */
export function LabelledTable({ sets }: { sets: LabelledSet[] }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="numbers w-full min-w-[32rem] text-left">
        <thead className="text-soft text-xs">
          <tr>
            <th className="py-1 pr-4 font-medium">Name</th>
            <th className="py-1 pr-4 text-right font-medium">Records</th>
            <th className="py-1 pr-4 font-medium">Type</th>
            <th className="py-1 font-medium">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sets.map(({ id, name, holds, rows }) => (
            <tr key={id} className="border-t">
              <td className="py-2 pr-4 font-medium">{name}</td>
              <td className="py-2 pr-4 text-right">{rows.toLocaleString("en")}</td>
              <td className="py-2 pr-4">{kindWords[holds]}</td>
              <td className="flex justify-end gap-2 py-2">
                <Link href={`/runs/new?labelled=${id}`} className={buttonClass()}>
                  Train on this dataset
                </Link>
                <a href={`/api/labelled/${id}/export`} download className={buttonClass()}>
                  <Download size={15} aria-hidden /> Export
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
