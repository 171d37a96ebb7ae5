import type { UploadPreview } from "@/lib/datasets/uploads/uploads-schema";
import { canBeKept, kindWords } from "@/spec/label-kinds";
import type { Question } from "@/spec/queue-options";
import type { RowMapping } from "@/spec/row-mapping";
import { ColumnsForm } from "./columns-form";
import { Notes } from "./notes";

interface Props {
  preview: UploadPreview;
  /** How many files they are. */
  files: number;
  /** What is chosen by hand so far; the preview lags behind it. */
  mapping: RowMapping | null;
  onMapping: (mapping: RowMapping) => void;
}

const longest = 160;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The first rows as they would be imported, and what their columns are taken for. */
export function Sample({ preview, files, mapping, onMapping }: Props) {
  const { rows, bad, columns, turns } = preview;
  return (
    <section aria-label="Import preview">
      <p>{readingOf(preview, files === 1 ? "file" : `${files} files`)}</p>
      {preview.layouts.length > 0 && <p className="text-soft text-xs">Layout: {preview.layouts.join(", ")}.</p>}
      <Notes notes={preview.notes} />
      {preview.good === 0 && <Expected columns={columns.map(({ name }) => name)} />}
      {columns.length > 0 && <ColumnsForm columns={columns} turns={turns} mapping={mapping} onChange={onMapping} />}
      {rows.length > 0 && (
        <dl className="mt-4 grid gap-2">
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
            <li key={`${line} ${reason}`}>
              Row {line}: {reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** How many rows can be imported, and as what. */
function readingOf({ as, question, holds, good, part, left }: UploadPreview, what: string): string {
  const rows = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
  const records = recordsOf[question];
  const open =
    as !== "both"
      ? records
      : `${records} that ${holds && canBeKept(holds, question) ? "" : "do not "}keep their labels`;
  const kind = as === "labelled" ? (holds ? kindWords[holds] : "labelled") : open;
  const looked = part ? `the beginning of the ${what}` : `the ${what}`;
  if (good + left === 0) return `The ${what} ${what === "file" ? "is" : "are"} empty: there are no rows.`;
  if (good === 0) return `No row of ${looked} can be imported as ${kind}.`;
  return `${rows(good)} of ${looked} can be imported as ${kind}${left > 0 ? `; ${rows(left)} cannot and would be skipped` : ""}.`;
}

const layouts = [
  ["pairs", "prompt, chosen, rejected"],
  ["rankings", "prompt, completions, ranks or scores"],
  ["good and bad answers", "prompt, completion, label"],
  ["SFT", "messages, or prompt and completion"],
  ["prompts", "prompt"],
  ["solutions labelled by step", "prompt, completions, labels"],
  ["plain texts", "text"],
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

const recordsOf: Record<Question, string> = {
  compare: "pairs to annotate",
  single: "single answers to judge",
  steps: "solutions to judge by step",
};
