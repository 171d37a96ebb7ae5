import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { Key } from "../../../ui/buttons";
import { pressEarlyKeys } from "./early-keys";
import { letter, placeOf } from "./keys";
import { complete, nothingTyped, type Typed, takeBackOne, typeAnswer, typeTie } from "./ranking";

interface Props {
  answers: number;
  /** Whether shortcuts are off. */
  off: boolean;
  onRank: (tiers: number[][]) => void;
}

const button =
  "relative flex min-h-11 items-center justify-center gap-1.5 rounded-md border bg-surface text-sm max-md:min-w-9 md:min-w-11 md:px-3 hover:bg-raised disabled:opacity-50";

/** A ranking while it is typed or tapped, best first. The last letter completes it, or Enter where one is left. */
export function RankingBar({ answers, off, onRank }: Props) {
  const t = useTranslate();
  const [typed, setTyped] = useState(nothingTyped);
  const latest = useRef(typed); // two keys may come before either is on screen
  const type = (next: Typed) => {
    latest.current = next;
    setTyped(next);
  };
  const rank = (next: Typed) => (next.tiers.flat().length === answers ? onRank(next.tiers) : type(next));
  const tiers = complete(typed, answers);
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (off || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target.closest("input, textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    const before = latest.current;
    const ranked = complete(before, answers);
    if (placeOf(key) < answers) rank(typeAnswer(before, placeOf(key)));
    else if (key === "=") type(typeTie(before));
    else if (key === "backspace") type(takeBackOne(before));
    else if (key === "enter" && ranked && !target.closest("button, a")) onRank(ranked);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // an answer's letter must not trigger a shortcut
  };
  useLayoutEffect(() => {
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  });
  useEffect(() => pressEarlyKeys(answers), [answers]);
  const named = typed.tiers.flat();
  const order = typed.tiers.map((tier) => tier.map(letter).join(" = ")).join(" > ");
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t("screen.rankAll")}</legend>
      <div className="flex flex-wrap items-center gap-1.5">
        {Array.from({ length: answers }, (_, place) => (
          <button
            key={letter(place)}
            type="button"
            aria-keyshortcuts={letter(place).toLowerCase()}
            aria-label={t("screen.rankNext", { answer: letter(place) })}
            disabled={named.includes(place)}
            onClick={() => rank(typeAnswer(typed, place))}
            className={button}
          >
            <Key>{letter(place)}</Key>
          </button>
        ))}
        <button
          type="button"
          aria-pressed={typed.joins}
          disabled={named.length === 0}
          onClick={() => type(typeTie(typed))}
          className={button}
        >
          <Key>=</Key> <span className="max-md:sr-only">{t("screen.tiesWith")}</span>
        </button>
        <button type="button" disabled={named.length === 0} onClick={() => type(takeBackOne(typed))} className={button}>
          <Key>⌫</Key> <span className="max-md:sr-only">{t("screen.removeLast")}</span>
        </button>
        <button type="button" disabled={!tiers} onClick={() => tiers && onRank(tiers)} className={button}>
          <Key>
            <span className="max-md:hidden">{t("screen.enter")}</span>
            <span className="md:hidden">✓</span>
          </Key>{" "}
          <span className="max-md:sr-only">{t("screen.finish")}</span>
        </button>
        <output className="whitespace-nowrap font-medium max-md:order-first max-md:w-full md:ms-2">
          {order === "" && <span className="font-normal text-soft">{t("screen.bestFirst")}</span>}
          <bdi dir="ltr">
            {order}
            {typed.joins ? " = …" : order && " > …"}
          </bdi>
        </output>
      </div>
    </fieldset>
  );
}
