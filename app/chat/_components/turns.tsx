import type { ReactNode } from "react";
import { Prose } from "../../ui/prose";
import type { Turn } from "./conversation";

interface Props {
  turns: Turn[];
  /** What can be done with the answer at this place. */
  action: (place: number) => ReactNode;
}

/** What was said so far. */
export const Turns = ({ turns, action }: Props) => (
  <ol className="grid gap-2" aria-label="Conversation">
    {turns.map(({ role, content, html }, i) => (
      <li
        // biome-ignore lint/suspicious/noArrayIndexKey: turns stand in order
        key={i}
        dir="auto"
        className={`max-w-[75ch] rounded-md p-3 ${role === "user" ? "bg-accent-wash" : "border bg-surface"}`}
      >
        <span className="sr-only">{role === "user" ? "You: " : "Answer: "}</span>
        {html === undefined ? (
          <span className="whitespace-pre-wrap break-words">{content}</span>
        ) : (
          <Prose html={html} />
        )}
        {role === "assistant" && action(i)}
      </li>
    ))}
  </ol>
);
