import type { ReactNode } from "react";
import type { RecordDetail } from "@/lib/annotation/records/records-schema";
import { exactDate } from "../../../../ui/format";
import { choiceWords } from "../../_components/record-words";

/** Votes, decisions, returns and exclusions of a record, each with who and when. */
export function RecordEvents({ record }: { record: RecordDetail }) {
  const { votes, decisions, returns, exclusions, guidelines } = record;
  return (
    <div className="mt-4 grid gap-3">
      <Events
        title={`Annotations (${votes.filter(({ undoneAt }) => undoneAt === null).length})`}
        none="No annotations yet."
      >
        {votes.map((vote) => (
          <Vote key={vote.seq} vote={vote} newest={guidelines} />
        ))}
      </Events>
      {decisions.length > 0 && (
        <Events title="Decisions">
          {decisions.map(({ who, at, says }) => (
            <Line key={at} who={who} at={at}>
              {says}
            </Line>
          ))}
        </Events>
      )}
      {returns.length > 0 && (
        <Events title="Returned">
          {returns.map(({ who, at, to, note }) => (
            <Line key={`${at}/${to}`} who={who} at={at}>
              to {to}: {note}
            </Line>
          ))}
        </Events>
      )}
      {exclusions.length > 0 && (
        <Events title="Excluded and included">
          {exclusions.map(({ who, at, excluded, reason }) => (
            <Line key={at} who={who} at={at}>
              {excluded ? "excluded" : "included"}: {reason}
            </Line>
          ))}
        </Events>
      )}
    </div>
  );
}

function Events({ title, none, children }: { title: string; none?: string; children: ReactNode[] }) {
  return (
    <section aria-label={title} className="border-t pt-2">
      <h3 className="mb-1 text-sm">{title}</h3>
      {children.length === 0 ? <p className="text-soft">{none}</p> : <ul className="grid gap-2">{children}</ul>}
    </section>
  );
}

function Vote({ vote, newest }: { vote: RecordDetail["votes"][number]; newest: number }) {
  const { who, at, choice, reasons, rewrite, aspects, undoneAt } = vote;
  return (
    <li className={undoneAt === null ? "" : "text-soft"}>
      <p>
        <span className={`font-medium ${undoneAt === null ? "" : "line-through"}`}>
          {vote.given ? givenWords(choice) : choiceWords(choice)}
        </span>{" "}
        <span className="text-soft text-xs">
          {who} · <time dateTime={new Date(at).toISOString()}>{exactDate(at)}</time>
          {vote.given && " · label of the file, counts until a person annotates"}
          {vote.judge && judgeWords(vote.judge)}
          {!vote.given && !vote.judge && circumstances(vote)}
          {vote.guidelines !== null && guidelinesWords(vote.guidelines, newest)}
          {undoneAt !== null && ` · taken back or changed ${exactDate(undoneAt)}`}
        </span>
      </p>
      {reasons.length > 0 && (
        <p dir="auto" className="whitespace-pre-wrap break-words">
          {reasons.join("\n")}
        </p>
      )}
      {aspects.map(({ name, ratings: [a, b] }) => (
        <p key={name} className="numbers text-xs">
          {name}: {["good", "bad", "step"].includes(choice.kind) ? (a ?? "–") : `A ${a ?? "–"}, B ${b ?? "–"}`}
        </p>
      ))}
      {rewrite && (
        <details>
          <summary>Rewrite</summary>
          <p dir="auto" className="whitespace-pre-wrap break-words border-l-2 pl-2">
            {rewrite}
          </p>
        </details>
      )}
    </li>
  );
}

/** A judge sees each record in both orders. */
const judgeWords = ({ orders, counts }: NonNullable<RecordDetail["votes"][number]["judge"]>): string =>
  ` · model${orders[0] === orders[1] ? "" : `: ${orders.join(" in one order, ")} in the other`}${counts ? ", counts until a person annotates" : ", not counted"}`;

/** A file mostly says which answer is better, and not by how much. */
const givenWords = (choice: RecordDetail["votes"][number]["choice"]): string =>
  choice.kind === "left" || choice.kind === "right"
    ? `${choice.kind === "left" ? "A" : "B"} better`
    : choiceWords(choice);

const circumstances = ({ seconds, shownLeft, mirror, extra }: RecordDetail["votes"][number]): string =>
  [
    ` · ${seconds.toFixed(1)} s`,
    !shownLeft && " · saw B on the left",
    mirror && " · consistency check",
    extra && " · extra, not counted",
  ]
    .filter(Boolean)
    .join("");

const guidelinesWords = (version: number, newest: number): string =>
  ` · guidelines version ${version}${version < newest ? `, now ${newest}` : ""}`;

function Line({ who, at, children }: { who: string; at: number; children: ReactNode }) {
  return (
    <li className="break-words">
      {children}{" "}
      <span className="text-soft text-xs">
        {who} · <time dateTime={new Date(at).toISOString()}>{exactDate(at)}</time>
      </span>
    </li>
  );
}
