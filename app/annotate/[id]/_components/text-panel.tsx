import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Field } from "./drafts";
import { TextHelp } from "./later";

type Words = Record<Field, string>;

interface Props {
  words: Words;
  open: Field;
  answers: { text: string }[];
  onWrite: (words: Words) => void;
  onClose: () => void;
}

/** Reason or rewrite, stored with the vote. Escape, or Ctrl and Enter, goes back to the keys and keeps the text. */
export function TextPanel({ words, open, answers, onWrite, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another field takes the focus
  useEffect(() => field.current?.focus(), [open]);
  /** As if it were typed, so that Ctrl+Z brings back what it takes the place of. */
  const startFrom = (text: string) => {
    field.current?.select();
    document.execCommand("insertText", false, text);
  };
  const press = (event: KeyboardEvent) => {
    const isControl = event.ctrlKey || event.metaKey;
    const answer = answers[event.key.toLowerCase().charCodeAt(0) - 97];
    if (event.key === "Escape" || (isControl && event.key === "Enter")) onClose();
    else if (open === "rewrite" && isControl && event.shiftKey && event.key.length === 1 && answer)
      startFrom(answer.text);
    else return;
    event.preventDefault();
  };
  return (
    <div className="mt-2">
      <TextHelp open={open} answers={answers} onStart={startFrom} />
      <textarea
        id="words"
        dir="auto"
        ref={field}
        rows={open === "rewrite" ? 6 : 2}
        value={words[open]}
        onChange={(event) => onWrite({ ...words, [open]: event.target.value })}
        onKeyDown={press}
        className={`w-full rounded-md border bg-canvas px-2 py-1.5 text-sm ${open === "rewrite" ? "xl:h-[50dvh]" : "xl:h-40"}`}
      />
    </div>
  );
}
