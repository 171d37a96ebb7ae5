import type { ReactNode } from "react";
import { Prose } from "../../ui/prose";
import type { Side } from "./use-exchange";

interface Props {
  sides: Side[];
  /** Whose each is, once that may be known. */
  names: string[] | null;
  /** What can be done with an answer. */
  action: (side: Side) => ReactNode;
}

/** The answers to the last message as they grow, as Markdown once they are complete. */
export function Answers({ sides, names, action }: Props) {
  const several = sides.length > 1;
  return (
    <div className={`grid gap-3 ${several ? "md:grid-cols-2" : ""}`} aria-busy={sides.some(({ done }) => !done)}>
      {sides.map((side, i) => (
        <article
          key={"AB"[i]}
          className="min-w-0 rounded-md border bg-surface p-3"
          aria-label={several ? `Answer ${"AB"[i]}` : "Answer"}
        >
          <h2 className={`numbers mb-1 text-sm ${several ? (i === 0 ? "text-(--a)" : "text-(--b)") : ""}`}>
            {several && "AB"[i]}
            {names && ` ${several ? "· " : ""}${names[i]}`}{" "}
            <span className="font-normal text-soft text-xs">
              {side.tokens} tokens{!side.done && "…"}
            </span>
          </h2>
          <div className="min-h-16 text-base leading-relaxed" dir="auto">
            {side.html !== undefined && side.text !== "" ? (
              <Prose html={side.html} />
            ) : (
              <p className="whitespace-pre-wrap break-words">
                {side.text || (side.done ? "(empty)" : <span className="text-soft">loading the model…</span>)}
              </p>
            )}
          </div>
          {action(side)}
        </article>
      ))}
    </div>
  );
}
