import { type ReactNode, useEffect, useRef, useState } from "react";
import type { CommentDto } from "@/lib/annotation/comments/comments-schema";
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
  const { who, at, html, editedAt, resolved, own, unread } = comment;
  const [editing, setEditing] = useState(false);
  return (
    <li className={`border-l-2 pl-2 ${unread ? "border-accent" : ""}`}>
      <p className="flex flex-wrap items-baseline gap-x-2 text-soft text-xs">
        {named && <span className="font-medium text-ink">{who}</span>}
        <When at={at} />
        {editedAt !== null && <span>edited</span>}
        {unread && <span className="text-accent">names you</span>}
        {resolved && (
          <span className="text-good">
            ✓ resolved{named && ` by ${resolved.who}`}, <When at={resolved.at} />
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
            <Act onClick={() => setEditing(true)}>Edit</Act>
            <Act onClick={() => void remove(comment)}>Delete</Act>
          </>
        )}
        <Act needs="review" onClick={() => void change(comment, { resolved: !resolved })}>
          {resolved ? "Open again" : "Resolve"}
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
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <CommentBox
      queueId={queueId}
      label="Save"
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
