import { useEffect, useMemo, useRef, useState } from "react";
import type { PairDto } from "@/lib/judgements/schema";
import { Markdown } from "../../ui/markdown";
import { likeness } from "./likeness";
import type { Part, wordDiff } from "./word-diff";

/** How answers are shown: as their writer meant them, letter by letter, or with what differs marked. */
export type Look = "rendered" | "raw" | "diff";

interface Props {
  pair: PairDto;
  look: Look;
  about: string;
}

/** From this likeness on the difference is worth a hint. */
const alike = 0.7;

/** The conversation, then the two answers side by side (stacked on narrow screens). Who wrote them is not said. */
export function PairView({ pair, look, about }: Props) {
  const near = useMemo(() => likeness(pair.left, pair.right) >= alike, [pair]);
  const diff = useDiff(pair, look === "diff");
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
      <p className="mt-2 mb-4 text-soft text-xs">
        {about}
        {near && look !== "diff" && <span className="ml-2">These are much alike: press D to see what differs.</span>}
        {diff && (
          <span className="ml-2">
            {diff.differing} {diff.differing === 1 ? "word differs" : "words differ"}.
          </span>
        )}
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Answer name="A" text={pair.left} look={look} parts={diff?.left} />
        <Answer name="B" text={pair.right} look={look} parts={diff?.right} />
      </div>
    </div>
  );
}

/** The pair's difference once it is asked for; its code comes with the first question. */
function useDiff(pair: PairDto, wanted: boolean): ReturnType<typeof wordDiff> | null {
  const [found, setFound] = useState<{ id: number; diff: ReturnType<typeof wordDiff> } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void import("./word-diff").then(({ wordDiff }) => {
      if (current) setFound({ id: pair.id, diff: wordDiff(pair.left, pair.right) });
    });
    return () => {
      current = false;
    };
  }, [pair, wanted]);
  return wanted && found?.id === pair.id ? found.diff : null;
}

interface AnswerProps {
  name: "A" | "B";
  text: string;
  look: Look;
  parts: Part[] | undefined;
}

function Answer({ name, text, look, parts }: AnswerProps) {
  const [ink, edge] = name === "A" ? ["text-side-a", "border-t-side-a"] : ["text-side-b", "border-t-side-b"];
  return (
    <article aria-label={`Answer ${name}`} className={`min-w-0 rounded-md border border-t-3 bg-surface ${edge}`}>
      <h3 className={`px-4 pt-3 text-sm ${ink}`}>{name}</h3>
      <div className="px-4 pt-1 pb-4">
        {look === "rendered" ? (
          <Markdown>{text}</Markdown>
        ) : (
          <pre className={`whitespace-pre-wrap text-sm ${look === "raw" ? "font-mono" : "font-sans"}`}>
            {parts ? <Marked parts={parts} /> : text}
          </pre>
        )}
      </div>
    </article>
  );
}

/** Words of its own are underlined as well as tinted: colour alone tells not everybody. */
function Marked({ parts }: { parts: Part[] }) {
  return parts.map(({ text, own }, i) =>
    own ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
      <mark key={i} className="rounded-xs bg-warn/20 text-ink underline decoration-2 underline-offset-2">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
