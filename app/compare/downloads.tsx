"use client";

import { Download } from "lucide-react";
import type { ComparedRun } from "@/lib/compare/schema";
import { buttonClass } from "../ui/buttons";

/** Every logged point of the runs, nothing thinned or smoothed. */
export function Downloads({ runs }: { runs: ComparedRun[] }) {
  if (runs.length === 0) return null;
  const ids = runs.map(({ id }) => id).join(",");
  return (
    <>
      <a className={buttonClass()} href={`/api/compare/points?runs=${ids}&format=csv`} download>
        <Download size={15} aria-hidden /> CSV
      </a>
      <a className={buttonClass()} href={`/api/compare/points?runs=${ids}&format=json`} download>
        <Download size={15} aria-hidden /> JSON
      </a>
    </>
  );
}
