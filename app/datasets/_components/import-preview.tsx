import { useId } from "react";
import type { ImportPreview } from "@/lib/datasets/imports/import-schema";
import { kindWords } from "@/spec/label-kinds";
import { Notes } from "./notes";

export type ColumnNames = Record<"prompt" | "first" | "second", string>;

interface Props {
  preview: ImportPreview;
  /** Null: the column names are known. */
  columns: ColumnNames | null;
  onColumns: (columns: ColumnNames | null) => void;
}

const wanted = [
  { name: "prompt", labels: { labelled: "Prompt", annotate: "Prompt" } },
  { name: "first", labels: { labelled: "Chosen answer", annotate: "First answer" } },
  { name: "second", labels: { labelled: "Rejected answer", annotate: "Second answer" } },
] as const;
const longest = 160;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The first rows as they would be imported, and column mapping where their names are unknown. */
export function ImportPreviewView({ preview, columns, onColumns }: Props) {
  const id = useId();
  const { as, rows, left, bad } = preview;
  const names = preview.columns;
  const named = columns ?? { prompt: "", first: "", second: "" };
  return (
    <section aria-label="Import preview" className="mt-3 rounded-md border p-3">
      <p>{readingOf(preview)}</p>
      {preview.layouts.length > 0 && <p className="text-soft text-xs">Layout: {preview.layouts.join(", ")}.</p>}
      <Notes notes={preview.notes} />
      {preview.good === 0 && <Expected columns={names} />}
      {(columns !== null || left > 0) && names.length >= 3 && (
        <div className="mt-2 flex flex-wrap gap-3">
          <p className="w-full">Or map the columns:</p>
          {wanted.map(({ name, labels }) => (
            <div key={name}>
              <label htmlFor={`${id}-${name}`} className="block text-soft text-xs">
                {labels[as]}
              </label>
              <select
                id={`${id}-${name}`}
                value={named[name]}
                onChange={(event) => {
                  const next = { ...named, [name]: event.target.value };
                  onColumns(Object.values(next).every((value) => value === "") ? null : filled(next, names));
                }}
                className="rounded-md border bg-canvas px-2 py-1.5"
              >
                <option value="">not mapped</option>
                {names.map((column) => (
                  <option key={column} value={column}>
                    {column}
                  </option>
                ))}
              </select>
            </div>
          ))}
        </div>
      )}
      {rows.length > 0 && (
        <dl className="mt-2 grid gap-2">
          {rows.map(({ prompt, answers }) => (
            <div key={prompt + answers.map(({ text }) => text).join()} className="border-t pt-1">
              <dt className="font-medium">{cut(prompt)}</dt>
              {answers.map(({ text, label }) => (
                <dd key={text} className="break-words pl-3 text-soft">
                  {label && <span className="mr-2 rounded-sm bg-raised px-1 text-ink text-xs">{label}</span>}
                  {cut(text)}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
      {bad.length > 0 && (
        <ul className="numbers mt-2 font-mono text-warn text-xs">
          {bad.map(({ line, reason }) => (
            <li key={line}>
              Row {line}: {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** How many rows can be imported, and as what. */
function readingOf({ as, holds, good, part, left }: ImportPreview): string {
  const rows = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
  const kind = as === "labelled" ? (holds ? kindWords[holds] : "labelled") : "pairs to annotate";
  const looked = part ? "the beginning of the file" : "the file";
  if (good + left === 0) return "The file is empty: it has no rows.";
  if (good === 0) return `No row of ${looked} can be imported as ${kind}.`;
  return `${rows(good)} of ${looked} can be imported as ${kind}${left > 0 ? `; ${rows(left)} cannot and would be skipped` : ""}.`;
}

const layouts = [
  ["pairs", "prompt, chosen, rejected"],
  ["rankings", "prompt, completions, ranks or scores"],
  ["good and bad answers", "prompt, completion, label"],
  ["SFT", "messages, or prompt and completion"],
  ["to annotate", "prompt, answers"],
] as const;

/** The columns that were found, and the layouts that are supported. */
function Expected({ columns }: { columns: string[] }) {
  return (
    <div className="mt-2 text-soft text-xs">
      {columns.length > 0 && (
        <p>
          Columns found: <span className="font-mono text-ink">{columns.map(cut).join(", ")}</span>.
        </p>
      )}
      <p>Columns expected:</p>
      <ul>
        {layouts.map(([what, names]) => (
          <li key={what}>
            <span className="font-mono text-ink">{names}</span> ({what})
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The three columns are mapped together; those not chosen yet start with unused ones. */
function filled(columns: ColumnNames, names: string[]): ColumnNames {
  const next = { ...columns };
  for (const { name } of wanted)
    if (next[name] === "") next[name] = names.find((column) => !Object.values(next).includes(column)) ?? names[0]!;
  return next;
}
