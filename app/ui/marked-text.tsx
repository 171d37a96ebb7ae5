import { wordDiff } from "./word-diff";

/** A text whose words that the other lacks are marked; underlined too, as not everybody can tell the colours apart. */
export function MarkedText({ text, against }: { text: string; against: string | null }) {
  if (against === null) return text;
  return wordDiff(text, against).left.map(({ text, own }, i) =>
    own ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts stand in order
      <mark key={i} className="rounded-sm bg-accent-wash text-ink underline decoration-dotted">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
