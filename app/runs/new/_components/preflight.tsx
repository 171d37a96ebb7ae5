import type { UseMutationResult } from "@tanstack/react-query";
import { ScanText } from "lucide-react";
import { useState } from "react";
import type { PreflightReport } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { Sentence } from "../../../ui/sentence";
import { TokenRow } from "../../../ui/token-row";
import { FieldProblems } from "./field-problems";

/** A look at the data and at what training on it takes: /api/preflight with what the form describes. */
export interface LookProps {
  look: UseMutationResult<PreflightReport, Error, object>;
  described: object;
  disabled: boolean;
  /** What the form calls a field. */
  nameOf: (path: string) => string;
}

export const isStale = ({ look, described }: Pick<LookProps, "look" | "described">): boolean =>
  look.data !== undefined && JSON.stringify(look.variables) !== JSON.stringify(described);

/** What the run would learn from: counts, warnings, and its first rows token by token as the model will see them. */
export function Preflight(props: LookProps) {
  const { look, described, disabled } = props;
  const [asked, setAsked] = useState("");
  const preview = () => {
    setAsked(JSON.stringify(described));
    look.mutate(described);
  };
  return (
    <Card
      title="Data preview"
      action={
        <Button onClick={preview} disabled={disabled || look.isPending}>
          <ScanText size={15} aria-hidden /> {look.isPending ? "Reading the rows…" : "Preview data"}
        </Button>
      }
    >
      {look.error &&
        (asked === JSON.stringify(look.variables) ? (
          <Problem error={look.error} />
        ) : (
          <p className="text-bad">
            <Sentence text={look.error.message} />
          </p> // nobody asked for this look: it is told, but interrupts no one
        ))}
      {!look.data && !look.error && (
        <p className="text-soft">
          Duplicates, contradictory labels, leakage, lengths, and three rows as the model will see them.
        </p>
      )}
      {isStale(props) && <p className="mb-2 text-warn">The form has changed since; preview again.</p>}
      {look.data && <Report report={look.data} nameOf={props.nameOf} />}
    </Card>
  );
}

function Report({ report, nameOf }: { report: PreflightReport; nameOf: LookProps["nameOf"] }) {
  const { rows, tokens, duplicates, contradictions, chosenLonger, leaking, atLimit } = report;
  const facts: [string, string][] = [
    ["Rows", `${rows.train.toLocaleString("en")} to train on, ${rows.heldOut.toLocaleString("en")} held out`],
    ["Tokens per row", `${tokens.median} median, ${tokens.p95} at 95 %, ${tokens.longest} longest`],
    ["Truncated", `${atLimit} sequences`],
    ["Duplicates", `${duplicates.exact} exact, ${duplicates.near} near`],
    ["Contradictory labels", String(contradictions)],
    ["Train/eval leakage", String(leaking)],
  ];
  if (chosenLonger)
    facts.push([
      "Chosen answer longer",
      `${number(100 * chosenLonger.share, 0)} % of pairs (95 %: ${chosenLonger.interval.map((p) => number(100 * p, 0)).join(" to ")})`,
    ]);
  return (
    <div className="grid gap-4" aria-live="polite">
      {[...report.warnings, ...report.notes].map((line) => (
        <p key={line} className="text-warn">
          {line}
        </p>
      ))}
      {report.odd.length > 0 && (
        <FieldProblems label="Warnings" tone="text-warn" problems={report.odd} nameOf={nameOf} />
      )}
      <dl className="numbers grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="grid gap-2">
        <p className="text-soft text-xs">
          First rows, token by token; <mark className="rounded-sm bg-accent-wash px-1 text-ink">marked</mark> tokens are
          trained on; only prompts are shown where completions are sampled later.
        </p>
        {report.examples.flat().map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are shown once, in order
          <TokenRow key={i} row={row} />
        ))}
      </div>
    </div>
  );
}
