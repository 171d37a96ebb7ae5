import type { Route } from "next";
import type { FindingDto } from "@/lib/annotation/data-checks/data-checks-schema";
import { Button } from "../../../../ui/buttons";
import { Link } from "../../../../ui/link";

interface Props {
  queueId: number;
  findings: FindingDto[];
  busy: boolean;
  onExclude: (itemIds: number[], out: boolean) => void;
}

/** Rows beyond this many are counted, not shown; "Exclude all" includes them. */
const shown = 50;
const longest = 280;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

const places = ["First answer", "Second answer"];

/** The records that one check found; each can be opened, and one or all excluded. */
export function Findings({ queueId, findings, busy, onExclude }: Props) {
  const within = [...new Set(findings.filter(({ excluded }) => !excluded).map(({ itemId }) => itemId))];
  return (
    <>
      <ul className="grid gap-1">
        {findings.slice(0, shown).map(({ itemId, other, detail, prompt, answers, excluded }) => (
          <li key={`${itemId}/${other}/${detail}`} className="flex flex-wrap items-start gap-3 border-t py-1">
            <details className="min-w-0 flex-1">
              <summary className={`py-1.5 ${excluded ? "text-soft line-through" : ""}`}>
                Record {itemId}
                {other !== null && ` and record ${other}`}: {detail}
              </summary>
              <p className="pl-4">
                <Link href={`/datasets/${queueId}/records?record=${itemId}` as Route} className="underline">
                  Open record {itemId}
                </Link>
              </p>
              <dl className="mt-1 grid gap-1 pl-4">
                {[
                  { name: "Prompt", text: prompt },
                  ...answers.map((text, i) => ({ name: answers.length === 1 ? "Answer" : places[i]!, text })),
                ].map(({ name, text }) => (
                  <div key={name}>
                    <dt className="text-soft text-xs">{name}</dt>
                    <dd className="whitespace-pre-wrap break-words">{cut(text)}</dd>
                  </div>
                ))}
              </dl>
            </details>
            <Button
              kind="quiet"
              className="-mr-3.5"
              disabled={busy}
              aria-label={`${excluded ? "Include" : "Exclude"} record ${itemId}`}
              onClick={() => onExclude([itemId], !excluded)}
            >
              {excluded ? "Include" : "Exclude"}
            </Button>
          </li>
        ))}
      </ul>
      {findings.length > shown && (
        <p className="numbers text-soft">and {(findings.length - shown).toLocaleString("en")} more</p>
      )}
      {within.length > 1 && (
        <Button className="mt-2" disabled={busy} onClick={() => onExclude(within, true)}>
          Exclude all {within.length.toLocaleString("en")}
        </Button>
      )}
    </>
  );
}
