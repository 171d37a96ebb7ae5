import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import type { RecordDetail } from "@/lib/annotation/records/records-schema";
import { Comments } from "../../../../_comments/comments";
import { useCommentNews } from "../../../../_comments/use-comment-news";
import { letter } from "../../../../annotate/[id]/_components/keys";
import { Button, buttonClass, Key } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { number } from "../../../../ui/format";
import { Link } from "../../../../ui/link";
import { Prose } from "../../../../ui/prose";
import { RowActions } from "../../../_components/row-actions";
import { statusWords } from "../../_components/record-words";
import { RecordEvents } from "./record-events";
import { recordQuery } from "./records-queries";

interface Props {
  queueId: number;
  record: number;
  reveal: boolean;
  busy: boolean;
  onStep: (by: 1 | -1) => void;
  onExclude: (excluded: boolean) => void;
  onClose: () => void;
}

/** One record: its texts, and everything that happened to it. */
export function RecordPane({ queueId, record, reveal, busy, onStep, onExclude, onClose }: Props) {
  const { data, error } = useQuery(recordQuery(queueId, record, reveal));
  const onComment = useCommentNews(queueId);
  const isOut = data?.statuses.includes("excluded") ?? false;
  return (
    <section
      aria-label={`Record ${record}`}
      className="min-w-0 rounded-md border bg-surface lg:h-[calc(100dvh-15rem)] lg:min-h-[32rem] lg:overflow-y-auto"
    >
      <header className="sticky top-0 z-10 flex flex-wrap items-center gap-1 border-b bg-surface px-3 py-2">
        <h2 className="mr-auto text-sm">Record {record}</h2>
        <Button kind="quiet" className="px-2!" aria-keyshortcuts="k" onClick={() => onStep(-1)}>
          <Key>K</Key> Previous
        </Button>
        <Button kind="quiet" className="px-2!" aria-keyshortcuts="j" onClick={() => onStep(1)}>
          <Key>J</Key> Next
        </Button>
        <Button
          data-needs="write"
          kind="quiet"
          className="px-2!"
          aria-keyshortcuts="x"
          disabled={busy || !data}
          onClick={() => onExclude(!isOut)}
        >
          <Key>X</Key> {isOut ? "Include" : "Exclude"}
        </Button>
        <Link href={`/annotate/${queueId}?record=${record}` as Route} className={`${buttonClass("quiet")} px-2!`}>
          Open in Annotate
        </Link>
        <Button kind="quiet" className="px-2!" aria-keyshortcuts="Escape" onClick={onClose}>
          <Key>Esc</Key> <span className="sr-only">Close</span>
        </Button>
      </header>
      <div className="p-3">
        {error && <Problem error={error} />}
        {!data && !error && <p className="text-soft">Loading…</p>}
        {data && <Texts record={data} />}
        {data && (
          <div key={record} className="mt-4 grid gap-3 border-t pt-3">
            <RowActions
              dataset={{ kind: "annotate", id: queueId }}
              row={record}
              detail={{ findings: data.findings, history: data.versions, texts: data.texts }}
              excluded={null}
            />
          </div>
        )}
        {data && <RecordEvents record={data} />}
        {data && (
          <section key={`comments on ${record}`} aria-label="Comments" className="mt-4 border-t pt-2">
            <h3 className="text-sm">
              Comments <Key>C</Key>
            </h3>
            <Comments queueId={queueId} record={record} onChange={onComment} />
          </section>
        )}
      </div>
    </section>
  );
}

function Texts({ record: { prompt, answers, statuses, tags, source, gold } }: { record: RecordDetail }) {
  return (
    <>
      <p className="mb-2 flex flex-wrap gap-1.5">
        {statuses.map((status) => (
          <span key={status} className="rounded border px-1.5 text-soft text-xs">
            {statusWords[status]}
          </span>
        ))}
        {tags.map((tag) => (
          <span key={tag} className="rounded border border-accent px-1.5 text-xs">
            {tag}
          </span>
        ))}
        {source && <span className="text-soft text-xs">from {source}</span>}
      </p>
      {prompt.map(({ turn, role, html }) => (
        <div key={turn} dir="auto" className="mb-2 break-words border-accent border-l-3 pl-3">
          {prompt.length > 1 && <p className="text-soft text-xs">{role}</p>}
          <Prose html={html} />
        </div>
      ))}
      {answers.map(({ text, html, model, score }, i) => (
        <article
          key={text}
          aria-label={answers.length > 1 ? `Answer ${letter(i)}` : "Answer"}
          dir="auto"
          className="mt-3 border-t pt-2"
        >
          <h3 className="mb-1 flex flex-wrap gap-x-3 text-sm">
            <span className={answers.length === 1 ? "" : i === 0 ? "text-side-a" : i === 1 ? "text-side-b" : ""}>
              {answers.length > 1 ? letter(i) : "Answer"}
            </span>
            {model && <span className="break-all font-normal text-soft">{model}</span>}
            {score !== null && <span className="numbers font-normal text-soft">reward {number(score, 2)}</span>}
          </h3>
          <Prose html={html} />
        </article>
      ))}
      {gold && (
        <p className="mt-3 border-t pt-2">
          <span className="font-medium">Gold: {gold.says}.</span> {gold.because}
        </p>
      )}
    </>
  );
}
