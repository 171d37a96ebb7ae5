import { useState } from "react";
import type { RowPage } from "@/lib/datasets/labelled/labelled-schema";
import { Marked } from "../../../../_components/marked";
import { RowPanel } from "./row-panel";

interface Props {
  dataset: number;
  row: RowPage["rows"][number];
  words: RegExp | null;
}

/** One row: its prompt on one line; opened, its texts whole, each answer with what its label says, and what can be done with it. */
export function LabelledRow({ dataset, row: { id, prompt, answers, excluded, changed }, words }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details className="group" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="grid cursor-pointer grid-cols-[5.5rem_minmax(0,1fr)] gap-3 px-3 py-2 hover:bg-raised md:grid-cols-[5.5rem_minmax(0,1fr)_minmax(0,1fr)]">
          <span className="numbers text-soft">
            {id}
            {(excluded || changed) && <span className="block text-xs">{excluded ? "excluded" : "changed"}</span>}
          </span>
          <span
            dir="auto"
            className={`line-clamp-2 break-words group-open:line-clamp-none group-open:whitespace-pre-wrap ${excluded ? "text-soft line-through" : ""}`}
          >
            <Marked text={prompt || "(no prompt)"} words={words} />
          </span>
          <span dir="auto" className="hidden truncate text-soft group-open:invisible md:block">
            <Marked text={answers[0]?.text.slice(0, 300) ?? ""} words={words} />
          </span>
        </summary>
        <div className="grid gap-3 px-3 pb-3 md:grid-cols-2 md:pl-[7.25rem]">
          {answers.map(({ place, text, label }) => (
            <article key={place} className="min-w-0 border-l-3 pl-3">
              {label && <p className="text-soft text-xs">{label}</p>}
              <p dir="auto" className="whitespace-pre-wrap break-words">
                <Marked text={text} words={words} />
              </p>
            </article>
          ))}
        </div>
        {open && <RowPanel dataset={dataset} row={id} />}
      </details>
    </li>
  );
}
