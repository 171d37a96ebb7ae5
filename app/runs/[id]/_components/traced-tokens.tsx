import { type KeyboardEvent, useState } from "react";
import { isClipped, type TokenColumn, type TracedRollout, tokenColumns } from "@/spec/rollouts";
import { number } from "../../../ui/format";
import { shadeOf } from "./token-shade";

interface Props {
  rollout: TracedRollout;
  /** What the tokens are coloured by. */
  by: TokenColumn;
}

/** One completion; the chosen token's numbers stand under it. */
export function TracedTokens({ rollout, by }: Props) {
  const { prompt, score, ended, tokens, given = [], columns, clip } = rollout;
  const [chosen, setChosen] = useState<number | null>(null);
  const values = columns[by] ?? [];
  const shade = shadeOf(by, values);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen((at) => Math.min(tokens.length - 1, Math.max(0, at === null ? 0 : at + by)));
  };
  const isCut = (t: number) =>
    clip !== null && columns.ratio !== null && isClipped(columns.ratio[t]!, columns.advantage?.[t] ?? 0, clip);
  return (
    <article className="py-3 first:pt-0">
      <h3 className="mb-1 font-medium">{typeof prompt === "string" ? prompt : (prompt.at(-1)?.content ?? "")}</h3>
      <p className="numbers mb-1.5 text-soft text-xs">
        {tokens.length} tokens
        {given.includes(true) && ` (${given.filter(Boolean).length} from the environment, in italics)`} ·{" "}
        {score === null ? "no reward" : `score ${number(score)}`}
        {!ended && " · cut off"}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move the choice within it; each token is a button too */}
      <div onKeyDown={move} className="rounded-md bg-raised p-2 font-mono text-xs leading-6">
        {tokens.map((text, t) => (
          <button
            type="button"
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in order
            key={t}
            tabIndex={t === (chosen ?? 0) ? 0 : -1}
            ref={(element) => {
              if (t === chosen && element?.parentElement?.contains(document.activeElement)) element.focus();
            }}
            aria-pressed={t === chosen}
            onClick={() => setChosen(t)}
            title={number(values[t], 4)}
            style={{ background: shade(values[t] ?? 0) }}
            className={`mr-px whitespace-pre-wrap rounded-sm px-px text-ink aria-pressed:outline aria-pressed:outline-2 aria-pressed:outline-accent ${isCut(t) ? "underline decoration-dotted underline-offset-4" : ""} ${given[t] ? "italic" : ""}`}
          >
            {text.replaceAll("\n", "⏎")}
          </button>
        ))}
      </div>
      {chosen !== null && (
        <dl
          aria-live="polite"
          className="numbers mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs"
          aria-label={`Token ${chosen + 1} of ${tokens.length}`}
        >
          {(Object.keys(tokenColumns) as TokenColumn[]).map((name) => {
            const { label, unit, about } = tokenColumns[name];
            const value = columns[name]?.[chosen];
            if (value === undefined) return null;
            return (
              <div key={name} title={about} className="flex gap-1.5">
                <dt className="text-soft">{label}</dt>
                <dd>
                  {number(value, 4)} {unit}
                  {name === "ratio" && isCut(chosen) && " (clipped)"}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </article>
  );
}
