interface Token {
  text: string;
  scored: boolean;
  special?: boolean;
}

/** A row as a model sees it: what is trained on is marked, special tokens are framed. */
export function TokenRow({ row }: { row: Token[] }) {
  return (
    <p className="max-h-40 overflow-auto rounded-md bg-raised p-2 font-mono text-xs leading-6" tabIndex={0}>
      {row.map(({ text, scored, special }, i) => {
        const shown = text.replaceAll("\n", "⏎");
        const Tag = scored ? "mark" : "span";
        const frame = special ? "outline outline-1 outline-current/40" : "";
        return (
          <Tag
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in order
            key={i}
            className={`mr-px whitespace-pre-wrap rounded-sm px-px ${frame} ${scored ? "bg-accent-wash text-ink" : "bg-canvas text-soft"}`}
          >
            {shown}
          </Tag>
        );
      })}
    </p>
  );
}
