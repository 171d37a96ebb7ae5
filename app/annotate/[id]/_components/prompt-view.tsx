import { useEffect, useRef } from "react";
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Prose } from "../../../ui/prose";

type Turn = TaskDto["prompt"][number];

/**
 * The prompt, above it the conversation so far. Of a prompt that has scrolled away one line stays at the top of the page: it lies under the
 * prompt and comes to light as the prompt leaves, so that nothing moves.
 */
export function PromptView({ task: { key, prompt } }: { task: TaskDto }) {
  const earlier = prompt.slice(0, -1);
  const last = prompt.at(-1);
  const region = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus follows the task, so a screen reader starts at the new prompt
  useEffect(() => region.current?.focus({ preventScroll: true }), [key]);
  return (
    <>
      <div aria-hidden className="sticky top-(--under-bar) z-10 h-0">
        <p dir="auto" className="h-(--folded-prompt) truncate border-b bg-canvas px-4 py-1.5 text-soft">
          {last?.content?.slice(0, 300)}
        </p>
      </div>
      <div className="relative z-10 bg-canvas px-4 pt-4 pb-2">
        {earlier.length > 0 && <EarlierTurns turns={earlier} />}
        <section
          ref={region}
          aria-label="Prompt"
          tabIndex={-1}
          className="rounded-md border-accent border-l-3 bg-surface px-4 py-3 outline-none"
        >
          <h3 className="sr-only">Prompt: </h3>
          <Prose html={last?.html ?? ""} />
        </section>
      </div>
    </>
  );
}

function EarlierTurns({ turns }: { turns: Turn[] }) {
  return (
    <details className="mb-2 text-soft">
      <summary>{turns.length === 1 ? "1 earlier turn" : `${turns.length} earlier turns`}</summary>
      <h3 className="sr-only">Earlier turns</h3>
      {turns.map(({ role, html }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no identity but their place
        <div key={i} className="mt-2 border-l-2 pl-3">
          <p className="font-medium text-xs">{role}</p>
          <Prose html={html} />
        </div>
      ))}
    </details>
  );
}
