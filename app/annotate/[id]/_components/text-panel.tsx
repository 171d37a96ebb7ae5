import { useEffect, useRef } from "react";
import { Key } from "../../../ui/buttons";
import { letter } from "./keys";

export type Field = "rationale" | "rewrite";
type Words = Record<Field, string>;

interface Props {
  words: Words;
  open: Field;
  answers: { text: string }[];
  onWrite: (words: Words) => void;
  onClose: () => void;
}

export const labels: Record<Field, string> = { rationale: "Reason", rewrite: "Rewrite" };

/** Reason or rewrite, stored with the vote. Escape closes the field and keeps its text. */
export function TextPanel({ words, open, answers, onWrite, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another field takes the focus
  useEffect(() => field.current?.focus(), [open]);
  const fill = (text: string) => {
    onWrite({ ...words, rewrite: text });
    field.current?.focus();
  };
  return (
    <div className="mt-2 rounded-md border bg-surface p-2">
      <div className="mb-1 flex flex-wrap items-center gap-2 text-xs">
        <label htmlFor="words" className="font-medium">
          {labels[open]}
        </label>
        {open === "rewrite" &&
          answers.map(({ text }, i) => (
            <button key={text} type="button" onClick={() => fill(text)} className="underline">
              Start from {letter(i)}
            </button>
          ))}
        <span className="ml-auto text-soft">
          Saved with your vote. <Key>Esc</Key> closes
        </span>
      </div>
      <textarea
        id="words"
        ref={field}
        rows={open === "rewrite" ? 6 : 2}
        value={words[open]}
        onChange={(event) => onWrite({ ...words, [open]: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
        className="w-full rounded-md border bg-canvas px-2 py-1.5 text-sm"
      />
    </div>
  );
}
