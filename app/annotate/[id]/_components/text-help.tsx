import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { Field } from "./drafts";
import { letter } from "./keys";

interface Props {
  open: Field;
  answers: { text: string }[];
  onStart: (text: string) => void;
}

/** Over a text: what it is, what a rewrite may begin with, and what becomes of it. */
export function TextHelp({ open, answers, onStart }: Props) {
  const t = useTranslate();
  return (
    <div className="mb-1 flex flex-wrap items-center gap-2 text-xs">
      <label htmlFor="words" className="font-medium">
        {t(`vote.${open}`)}
      </label>
      {open === "rewrite" &&
        answers.map(({ text }, i) => (
          <button
            key={text}
            type="button"
            title={t("screen.startKey", { answer: letter(i) })}
            onClick={() => onStart(text)}
            className="underline"
          >
            {t("screen.startFrom", { answer: letter(i) })}
          </button>
        ))}
      <span className="ms-auto text-soft">
        {t("screen.savedWithVote")}
        <span className="max-md:hidden"> {rich(t, "screen.escCloses")}</span>
      </span>
    </div>
  );
}
