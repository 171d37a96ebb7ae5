"use client";

import { Download } from "lucide-react";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { buttonClass } from "../../ui/buttons";

const formats = { csv: "CSV", json: "JSON", tensorboard: "TensorBoard" };

/** Every logged point of the runs, nothing thinned or smoothed. */
export function Downloads({ runs }: { runs: ComparedRun[] }) {
  if (runs.length === 0) return null;
  const ids = runs.map(({ id }) => id).join(",");
  return Object.entries(formats).map(([format, label]) => (
    <a key={format} className={buttonClass()} href={`/api/compare/points?runs=${ids}&format=${format}`} download>
      <Download size={15} aria-hidden /> {label}
    </a>
  ));
}
