import { useEffect, useState } from "react";
import { Key } from "../../../ui/buttons";
import { letter, placeOf } from "./keys";
import { complete, nothingTyped, type Typed, takeBackOne, typeAnswer, typeTie } from "./ranking";

interface Props {
  answers: number;
  /** Whether shortcuts are off. */
  off: boolean;
  onRank: (tiers: number[][]) => void;
}

const button =
  "flex min-h-11 min-w-11 items-center justify-center gap-1.5 rounded-md border bg-surface px-3 text-sm hover:bg-raised disabled:opacity-50";

/** A ranking while it is typed or tapped, best first. The last letter completes it, or Enter where one is left. */
export function RankingBar({ answers, off, onRank }: Props) {
  const [typed, setTyped] = useState(nothingTyped);
  const rank = (next: Typed) => (next.tiers.flat().length === answers ? onRank(next.tiers) : setTyped(next));
  const tiers = complete(typed, answers);
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (off || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target.closest("input, textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    if (placeOf(key) < answers) rank(typeAnswer(typed, placeOf(key)));
    else if (key === "=") setTyped(typeTie(typed));
    else if (key === "backspace") setTyped(takeBackOne(typed));
    else if (key === "enter" && tiers && !target.closest("button, a")) onRank(tiers);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // an answer's letter must not trigger a shortcut
  };
  useEffect(() => {
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  });
  const named = typed.tiers.flat();
  const order = typed.tiers.map((tier) => tier.map(letter).join(" = ")).join(" > ");
  return (
    <fieldset>
      <legend className="sr-only">Rank the answers, the best first</legend>
      <div className="flex flex-wrap items-center gap-1.5">
        {Array.from({ length: answers }, (_, place) => (
          <button
            key={letter(place)}
            type="button"
            aria-keyshortcuts={letter(place).toLowerCase()}
            aria-label={`Rank ${letter(place)} next`}
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
          onClick={() => setTyped(typeTie(typed))}
          className={button}
        >
          <Key>=</Key> ties with
        </button>
        <button
          type="button"
          disabled={named.length === 0}
          onClick={() => setTyped(takeBackOne(typed))}
          className={button}
        >
          <Key>⌫</Key> remove last
        </button>
        <button type="button" disabled={!tiers} onClick={() => tiers && onRank(tiers)} className={button}>
          <Key>Enter</Key> finish, the rest last
        </button>
        <output className="ml-2 font-medium">
          {order || <span className="font-normal text-soft">Best first</span>}
          {typed.joins ? " = …" : order && " > …"}
        </output>
      </div>
    </fieldset>
  );
}
