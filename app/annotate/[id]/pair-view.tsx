import { useEffect, useRef } from "react";
import type { PairDto } from "@/lib/judgements/schema";
import { Markdown } from "../../ui/markdown";

/** The conversation, then the two answers side by side (stacked on narrow screens). Who wrote them is not said. */
export function PairView({ pair, raw, about }: { pair: PairDto; raw: boolean; about: string }) {
  const earlier = pair.prompt.slice(0, -1);
  const last = pair.prompt.at(-1);
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus follows the pair, so a screen reader starts at the new prompt
  useEffect(() => heading.current?.focus({ preventScroll: true }), [pair.id]);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-4">
      {earlier.length > 0 && (
        <details className="mb-2 text-soft">
          <summary>{earlier.length} earlier turns</summary>
          {earlier.map((message, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: turns have no identity but their place
            <p key={i} className="mt-1">
              <span className="font-medium">{message.role}:</span> {message.content}
            </p>
          ))}
        </details>
      )}
      <h2
        ref={heading}
        tabIndex={-1}
        className="rounded-md border-accent border-l-3 bg-surface px-4 py-3 text-base outline-none"
        style={{ fontWeight: 500 }}
      >
        <span className="sr-only">Prompt: </span>
        {last?.content}
      </h2>
      <p className="mt-2 mb-4 text-soft text-xs">{about}</p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Answer name="A" text={pair.left} raw={raw} />
        <Answer name="B" text={pair.right} raw={raw} />
      </div>
    </div>
  );
}

function Answer({ name, text, raw }: { name: "A" | "B"; text: string; raw: boolean }) {
  const [ink, edge] = name === "A" ? ["text-side-a", "border-t-side-a"] : ["text-side-b", "border-t-side-b"];
  return (
    <article aria-label={`Answer ${name}`} className={`min-w-0 rounded-md border border-t-3 bg-surface ${edge}`}>
      <h3 className={`px-4 pt-3 text-sm ${ink}`}>{name}</h3>
      <div className="px-4 pt-1 pb-4">
        {raw ? <pre className="whitespace-pre-wrap font-mono text-sm">{text}</pre> : <Markdown>{text}</Markdown>}
      </div>
    </article>
  );
}
