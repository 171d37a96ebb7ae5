import { useId } from "react";
import type { ImportPreview } from "@/lib/queues/schema";

export type ColumnNames = Record<"prompt" | "first" | "second", string>;

interface Props {
  preview: ImportPreview;
  /** Null: the rows have names that are known. */
  columns: ColumnNames | null;
  onColumns: (columns: ColumnNames | null) => void;
}

const wanted = [
  { name: "prompt", label: "Prompt" },
  { name: "first", label: "First answer" },
  { name: "second", label: "Second answer" },
] as const;
const longest = 160;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The first rows as they would be read; where they are not understood, which columns are meant. */
export function ImportPreviewView({ preview, columns, onColumns }: Props) {
  const id = useId();
  const { rows, good, bad } = preview;
  const names = preview.columns;
  const named = columns ?? { prompt: "", first: "", second: "" };
  return (
    <section aria-label="How the file is read" className="mt-3 rounded-md border p-3">
      <p>
        {bad.length === 0
          ? `All of the first ${good} rows are pairs.`
          : good === 0
            ? "None of the first rows is a pair as it stands. Name the columns:"
            : `${good} of the first rows are pairs; others are not and would be left out.`}
      </p>
      {(columns !== null || bad.length > 0) && names.length >= 3 && (
        <div className="mt-2 flex flex-wrap gap-3">
          {wanted.map(({ name, label }) => (
            <div key={name}>
              <label htmlFor={`${id}-${name}`} className="block text-soft text-xs">
                {label}
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
                <option value="">as the file says</option>
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
            <div key={prompt + answers.join()} className="border-t pt-1">
              <dt className="font-medium">{cut(prompt)}</dt>
              {answers.map((answer) => (
                <dd key={answer} className="break-words pl-3 text-soft">
                  {cut(answer)}
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

/** Three columns are named together; those not chosen yet begin with ones that nothing else takes. */
function filled(columns: ColumnNames, names: string[]): ColumnNames {
  const next = { ...columns };
  for (const { name } of wanted)
    if (next[name] === "") next[name] = names.find((column) => !Object.values(next).includes(column)) ?? names[0]!;
  return next;
}
