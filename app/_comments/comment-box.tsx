import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { rich } from "@/app/ui/rich";
import { longestComment } from "@/lib/annotation/comments/longest-comment";
import { useTranslate } from "../_messages/use-translate";
import { readEntry, removeEntry, writeEntry } from "../ui/browser-store";
import { Button } from "../ui/buttons";
import { useMention } from "./use-mention";

interface Props {
  queueId: number;
  label: string;
  /** Under which name this browser keeps what is not sent yet. */
  draft: string;
  initial?: string;
  field: RefObject<HTMLTextAreaElement | null>;
  send: (text: string) => Promise<boolean>;
  /** Escape; what was typed stays. */
  onLeave: () => void;
}

/** Where a comment is written: Ctrl and Enter send it. */
export function CommentBox({ queueId, label, draft, initial = "", field, send, onLeave }: Props) {
  const t = useTranslate();
  const [text, setText] = useState(() => readEntry(draft) ?? initial);
  const [sending, setSending] = useState(false);
  const write = (next: string) => {
    setText(next);
    writeEntry(draft, next);
  };
  const { names, at, press: pressName, pick } = useMention(queueId, field, text, write);
  const list = useId();
  const submit = async () => {
    if (sending || text.trim() === "") return;
    setSending(true);
    if (await send(text)) {
      removeEntry(draft);
      setText("");
    }
    setSending(false);
  };
  const press = (event: KeyboardEvent) => {
    if (pressName(event)) event.preventDefault();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
    else if (event.key === "Escape") onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="mt-2">
      <textarea
        ref={field}
        aria-label={label}
        dir="auto"
        aria-autocomplete="list"
        aria-controls={names.length > 0 ? list : undefined}
        aria-activedescendant={names.length > 0 ? `${list}-${at}` : undefined}
        rows={3}
        maxLength={longestComment}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={press}
        className="w-full rounded-md border bg-canvas px-2 py-1.5 text-sm"
      />
      {names.length > 0 && (
        <div
          id={list}
          role="listbox"
          aria-label={t("comment.people")}
          className="mb-1 rounded-md border bg-surface p-1 text-sm"
        >
          {names.map((name, i) => (
            <Name key={name} id={`${list}-${i}`} name={name} chosen={i === at} onPick={() => pick(name)} />
          ))}
        </div>
      )}
      <span role="status" className="sr-only">
        {names.length > 0 && t("comment.names", { name: names[at] ?? "", at: at + 1, count: names.length })}
      </span>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs">
        <Button disabled={sending || text.trim() === ""} onClick={() => void submit()}>
          {label}
        </Button>
        <span className="max-md:hidden">{rich(t, "comment.keys")}</span>
      </div>
    </div>
  );
}

const Name = ({ id, name, chosen, onPick }: { id: string; name: string; chosen: boolean; onPick: () => void }) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text, which names the chosen one
  <div
    id={id}
    role="option"
    aria-selected={chosen}
    onPointerDown={(event) => {
      event.preventDefault(); // the focus stays in the text
      onPick();
    }}
    className="flex min-h-8 cursor-pointer items-center rounded-md px-2 aria-selected:bg-raised"
  >
    {name}
  </div>
);
