import { type ReactNode, useEffect, useRef, useState } from "react";
import { rich } from "@/app/ui/rich";
import type { CommentDto } from "@/lib/annotation/comments/comments-schema";
import { useTranslate } from "../_messages/use-translate";
import { Prose } from "../ui/prose";
import { When } from "../ui/when";
import { CommentBox } from "./comment-box";
import type { Comments } from "./use-comments";

interface Props extends Pick<Comments, "change" | "remove"> {
  queueId: number;
  comment: CommentDto;
  /** Whether it says who wrote it. */
  named: boolean;
}

/** One comment, with what may be done with it. */
export function CommentRow({ queueId, comment, named, change, remove }: Props) {
  const t = useTranslate();
  const { who, at, html, editedAt, resolved, own, unread } = comment;
  const [editing, setEditing] = useState(false);
  return (
    <li className={`border-s-2 ps-2 ${unread ? "border-accent" : ""}`}>
      <p className="flex flex-wrap items-baseline gap-x-2 text-soft text-xs">
        {named && <span className="font-medium text-ink">{who}</span>}
        <When at={at} language={t.language} />
        {editedAt !== null && <span>{t("comment.edited")}</span>}
        {unread && <span className="text-accent">{t("comment.namesYou")}</span>}
        {resolved && (
          <span className="text-good">
            {rich(t, named ? "comment.resolvedBy" : "comment.resolved", {
              who: resolved.who,
              when: () => <When at={resolved.at} language={t.language} />,
            })}
          </span>
        )}
      </p>
      {editing ? (
        <Editor queueId={queueId} comment={comment} change={change} onLeave={() => setEditing(false)} />
      ) : (
        <div className={`text-sm [--answer-text:var(--text-sm)] ${resolved ? "opacity-75" : ""}`}>
          <Prose html={html} />
        </div>
      )}
      <p className="flex gap-3">
        {own !== null && !editing && (
          <>
            <Act onClick={() => setEditing(true)}>{t("comment.edit")}</Act>
            <Act onClick={() => void remove(comment)}>{t("comment.delete")}</Act>
          </>
        )}
        <Act needs="review" onClick={() => void change(comment, { resolved: !resolved })}>
          {t(resolved ? "comment.reopen" : "comment.resolve")}
        </Act>
      </p>
    </li>
  );
}

interface EditorProps {
  queueId: number;
  comment: CommentDto;
  change: Comments["change"];
  onLeave: () => void;
}

function Editor({ queueId, comment, change, onLeave }: EditorProps) {
  const t = useTranslate();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <CommentBox
      queueId={queueId}
      label={t("comment.save")}
      draft={`comment/edit/${comment.id}`}
      initial={comment.own ?? ""}
      field={field}
      send={async (text) => {
        const saved = await change(comment, { text });
        if (saved) onLeave();
        return saved;
      }}
      onLeave={onLeave}
    />
  );
}

const Act = ({ needs, onClick, children }: { needs?: string; onClick: () => void; children: ReactNode }) => (
  <button
    type="button"
    data-needs={needs}
    onClick={onClick}
    className="min-h-7 text-soft text-xs underline hover:text-ink"
  >
    {children}
  </button>
);
