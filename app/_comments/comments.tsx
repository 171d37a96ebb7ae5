import { useEffect, useRef } from "react";
import { useTranslate } from "../_messages/use-translate";
import { Button } from "../ui/buttons";
import { mayHere } from "../ui/may";
import { CommentBox } from "./comment-box";
import { CommentRow } from "./comment-row";
import { useComments } from "./use-comments";

interface Props {
  queueId: number;
  record: number;
  /** Whether names are shown. */
  named?: boolean;
  /** The same one at every rendering. */
  onChange?: () => void;
  /** Of the annotation screen, where a key opens them and the box takes the focus: goes back to the other keys. Elsewhere C goes to the box. */
  onClose?: () => void;
}

/** The comments on a record, and a box for another one. */
export function Comments({ queueId, record, named = true, onChange, onClose }: Props) {
  const from = onClose
    ? `/api/queues/${queueId}/comments?record=${record}`
    : `/api/datasets/${queueId}/records/${record}/comments`;
  const { found, problem, load, write, change, remove } = useComments({ queueId, record, from, onChange });
  const t = useTranslate();
  const field = useRef<HTMLTextAreaElement>(null);
  const opened = onClose !== undefined && found !== null;
  useEffect(() => {
    if (opened) field.current?.focus();
  }, [opened]);
  useKeyTo(field, onClose === undefined);
  if (problem)
    return (
      <p role="alert" className="mt-2 text-bad">
        {problem} <Button onClick={load}>{t("comment.tryAgain")}</Button>
      </p>
    );
  if (!found) return <p className="mt-2 text-soft">{t("comment.loading")}</p>;
  const { comments, waits, reader } = found;
  return (
    <div className="mt-2">
      <ol className={`grid gap-3 ${onClose ? "max-xl:max-h-[30dvh] max-xl:overflow-y-auto" : ""}`}>
        {comments.map((comment) => (
          <CommentRow key={comment.id} {...{ queueId, comment, named, change, remove }} />
        ))}
      </ol>
      {waits && <p className="text-soft text-xs">{t("comment.waits")}</p>}
      {!waits && comments.length === 0 && <p className="text-soft">{t("comment.none")}</p>}
      {mayHere("annotate") && (
        <CommentBox
          key={record}
          queueId={queueId}
          label={t("comment.label")}
          draft={`comment/${reader}/${record}`}
          field={field}
          send={write}
          onLeave={() => (onClose ? onClose() : field.current?.blur())}
        />
      )}
    </div>
  );
}

/** C goes to the box. */
function useKeyTo(field: React.RefObject<HTMLTextAreaElement | null>, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== "c") return;
      if ((event.target as HTMLElement).closest("input, textarea, select, dialog, [role=dialog]")) return;
      event.preventDefault(); // the letter must not be typed into it
      field.current?.focus();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [field, on]);
}
