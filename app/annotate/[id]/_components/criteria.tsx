import { useEffect, useState } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { Ratings } from "@/lib/annotation/judging/judging-schema";

interface Props {
  aspects: string[];
  answers: unknown[];
  ratings: Ratings;
  onRate: (ratings: Ratings) => void;
  onClose: () => void;
}

const marks = [1, 2, 3, 4, 5];

/** Ratings of A and B by criterion, 1 to 5. While it is open, ↑ and ↓ choose the row, a digit rates A, Shift and a digit rates B, and no key votes. */
export function CriteriaPanel({ aspects, answers, ratings, onRate, onClose }: Props) {
  const t = useTranslate();
  const single = answers.length === 1;
  const [row, setRow] = useState(0);
  const rate = (aspect: string, side: 0 | 1, mark: number) => {
    const [a, b] = ratings[aspect] ?? [null, null];
    onRate({ ...ratings, [aspect]: side === 0 ? [mark, b] : [a, mark] });
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const mark = Number(/^(?:Digit|Numpad)([1-5])$/.exec(event.code)?.[1]);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") onClose();
    else if (step) setRow((now) => Math.max(0, Math.min(aspects.length - 1, now + step)));
    else if (mark) rate(aspects[row]!, event.shiftKey && !single ? 1 : 0, mark);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
  return (
    <fieldset className="mt-2 rounded-md border bg-surface p-2 text-xs">
      <legend className="sr-only">{t("screen.rateByCriterion")}</legend>
      {aspects.map((aspect, i) => (
        <div
          key={aspect}
          data-current={i === row}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-sm px-1 py-0.5 data-[current=true]:bg-raised"
        >
          <span className="w-32 font-medium">
            <bdi>{aspect}</bdi>
          </span>
          {(single ? [t("screen.answer")] : ["A", "B"]).map((name, side) => (
            <fieldset key={name} className="flex items-center gap-1">
              <legend className="float-start me-1 text-soft">{name}</legend>
              {marks.map((mark) => (
                <button
                  key={mark}
                  type="button"
                  aria-label={t("screen.mark", { criterion: aspect, answer: name, mark })}
                  aria-pressed={ratings[aspect]?.[side] === mark}
                  onClick={() => rate(aspect, side as 0 | 1, mark)}
                  className="min-h-7 min-w-7 rounded-sm border bg-canvas aria-pressed:border-accent aria-pressed:bg-accent-wash"
                >
                  {mark}
                </button>
              ))}
            </fieldset>
          ))}
        </div>
      ))}
      <p className="mt-1 text-soft">{rich(t, single ? "screen.rateOne" : "screen.rateBoth")}</p>
    </fieldset>
  );
}
