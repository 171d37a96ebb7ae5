import type { UseQueryResult } from "@tanstack/react-query";
import type { RenderedRows as Rendered, RenderedRow } from "@/spec/reports";
import { Problem } from "../../../../ui/cards";
import { TokenRow } from "../../../../ui/token-row";

interface Props {
  rendered: UseQueryResult<Rendered>;
  /** Whether they are rendered with what stands in the editor. */
  isCurrent: boolean;
}

/** The first rows of a dataset token by token, or why a row has none. */
export function RenderedRows({ rendered: { data, error }, isCurrent }: Props) {
  if (error)
    return (
      <div className="mt-3">
        <Problem error={error} />
      </div>
    );
  return (
    <section aria-label="Rows in this template" aria-busy={!isCurrent} className="mt-3">
      <p role="status" className="mb-2 text-soft text-xs">
        {isCurrent ? "The first rows, token by token:" : "Rendering…"}{" "}
        <mark className="rounded-sm bg-accent-wash px-1 text-ink">marked</mark> tokens are trained on, framed ones are
        special.
      </p>
      <ol className="grid gap-3">
        {data?.rows.map((row) => (
          <Row key={row.line} row={row} />
        ))}
      </ol>
    </section>
  );
}

function Row({ row: { line, problem, sequences, told } }: { row: RenderedRow }) {
  return (
    <li className="min-w-0">
      {problem !== null && (
        <p className="text-bad text-sm">
          Row {line}: {problem}
        </p>
      )}
      {told.map((remark) => (
        <p key={remark} className="text-sm text-warn">
          Row {line}: {remark}
        </p>
      ))}
      {sequences.map(({ answer, length, scored, tokens }) => (
        <div key={answer} className="mb-1.5">
          <p className="numbers mb-0.5 text-soft text-xs">
            Row {line}
            {answer && `, ${answer}`}: {length.toLocaleString("en")} tokens, {scored.toLocaleString("en")} trained on
            {tokens.length < length && `; the first ${tokens.length.toLocaleString("en")} are shown`}
          </p>
          <TokenRow row={tokens} />
        </div>
      ))}
    </li>
  );
}
