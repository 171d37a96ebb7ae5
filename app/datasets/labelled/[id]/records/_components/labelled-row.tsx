import type { RowPage } from "@/lib/datasets/labelled/labelled-schema";
import { Marked } from "../../../../_components/marked";

/** One row: its prompt on one line; opened, its texts whole, each answer with what its label says. */
export function LabelledRow({
  row: { id, prompt, answers },
  words,
}: {
  row: RowPage["rows"][number];
  words: RegExp | null;
}) {
  return (
    <li>
      <details className="group">
        <summary className="grid cursor-pointer grid-cols-[4rem_minmax(0,1fr)] gap-3 px-3 py-2 hover:bg-raised md:grid-cols-[4rem_minmax(0,1fr)_minmax(0,1fr)]">
          <span className="numbers text-soft">{id}</span>
          <span
            dir="auto"
            className="line-clamp-2 break-words group-open:line-clamp-none group-open:whitespace-pre-wrap"
          >
            <Marked text={prompt || "(no prompt)"} words={words} />
          </span>
          <span dir="auto" className="hidden truncate text-soft group-open:invisible md:block">
            <Marked text={answers[0]?.text.slice(0, 300) ?? ""} words={words} />
          </span>
        </summary>
        <div className="grid gap-3 px-3 pb-3 md:grid-cols-2 md:pl-[4.75rem]">
          {answers.map(({ place, text, label }) => (
            <article key={place} className="min-w-0 border-l-3 pl-3">
              {label && <p className="text-soft text-xs">{label}</p>}
              <p dir="auto" className="whitespace-pre-wrap break-words">
                <Marked text={text} words={words} />
              </p>
            </article>
          ))}
        </div>
      </details>
    </li>
  );
}
