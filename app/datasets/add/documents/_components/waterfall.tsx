import type { CorpusReport, Step } from "@/lib/corpus/corpus-schema";
import { count, stepWords } from "./step-words";

type StepReport = CorpusReport["steps"][number];
type Sample = CorpusReport["samples"][number];

interface Props {
  report: CorpusReport;
  /** Takes a document back in; null where nothing can be changed. */
  onRestore: ((id: string) => void) | null;
}

/** How many documents are left after each step, what fell there and for which reason, with samples. */
export function Waterfall({ report, onRestore }: Props) {
  const all = report.found.documents;
  let left = all;
  const rows = report.steps.map((step) => {
    left -= step.dropped.documents;
    return { step, left };
  });
  return (
    <ol aria-label="Documents by step" className="grid gap-3">
      <li>
        <Bar title="Found" left={all} dropped={0} all={all} />
      </li>
      {rows.map(({ step, left }) => (
        <li key={step.step}>
          <Bar title={stepWords[step.step].title} left={left} dropped={step.dropped.documents} all={all} />
          {(step.dropped.documents > 0 || step.restored > 0) && <Fell step={step} onRestore={onRestore} />}
        </li>
      ))}
      <li>
        <Bar title="Kept" left={report.kept.documents} dropped={0} all={all} />
        <Samples title="Samples of what is kept" samples={report.samples} onRestore={null} />
      </li>
    </ol>
  );
}

function Bar({ title, left, dropped, all }: { title: string; left: number; dropped: number; all: number }) {
  const width = (documents: number) => `${(100 * documents) / Math.max(1, all)}%`;
  return (
    <div className="grid items-center gap-x-3 gap-y-1 sm:grid-cols-[9rem_1fr_11rem]">
      <span className="font-medium">{title}</span>
      <div aria-hidden className="flex h-4 overflow-hidden rounded-sm bg-raised">
        <div className="bg-accent" style={{ width: width(left) }} />
        <div className="bg-bad" style={{ width: width(dropped) }} />
      </div>
      <span className="numbers text-soft">
        {count(left)} left{dropped > 0 && <span className="text-bad">, −{count(dropped)}</span>}
      </span>
    </div>
  );
}

function Fell({ step, onRestore }: { step: StepReport; onRestore: Props["onRestore"] }) {
  const { dropped, rules, samples, restored } = step;
  return (
    <div className="mt-1 grid gap-1 sm:ml-[9.75rem]">
      <p className="numbers text-soft">
        {stepWords[step.step].means}{" "}
        {Object.entries(rules)
          .map(([rule, documents]) => `${rule} ${count(documents)}`)
          .join(", ")}
        {dropped.characters > 0 && `; ${count(dropped.characters)} characters, ${count(dropped.words)} words`}
        {restored > 0 && `; ${count(restored)} restored`}
      </p>
      {samples.length > 0 && (
        <Samples
          title={`Samples of ${stepWords[step.step].title.toLowerCase()}`}
          samples={samples}
          onRestore={unread.includes(step.step) ? null : onRestore}
        />
      )}
    </div>
  );
}

/** No rule dropped what could not be read. */
const unread: Step[] = ["reading", "extraction"];

function Samples({ title, samples, onRestore }: { title: string; samples: Sample[]; onRestore: Props["onRestore"] }) {
  return (
    <details>
      <summary className="text-soft">{title}</summary>
      <ul className="mt-2 grid gap-2">
        {samples.map(({ id, rule, detail, text }) => (
          <li key={id} className="rounded-md border p-3">
            <p className="break-all font-mono text-xs">{id}</p>
            {rule && (
              <p className="break-words text-bad text-xs">
                {rule} {detail}
              </p>
            )}
            <p dir="auto" className="mt-1 line-clamp-4 break-words text-sm">
              {text}
            </p>
            {onRestore && (
              <button type="button" className="mt-2 text-accent text-xs underline" onClick={() => onRestore(id)}>
                Restore
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
