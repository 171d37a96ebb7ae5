"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";

interface Props {
  tags: string[];
  /** Leaves out the means to change them where there is none. */
  onChange?: (tags: string[]) => void;
}

/** The words that a run is filtered by. */
export function Tags({ tags, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const add = () => {
    const tag = typed?.trim().slice(0, 30);
    if (tag && !tags.includes(tag)) onChange?.([...tags, tag]);
    setTyped(null);
  };
  return (
    <span className="inline-flex flex-wrap items-center gap-1 text-xs">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex items-center gap-1 rounded-full bg-raised px-2 py-0.5">
          {tag}
          {onChange && (
            <button
              data-needs="write"
              type="button"
              aria-label={`Remove tag ${tag}`}
              className="text-soft hover:text-ink"
              onClick={() => onChange(tags.filter((other) => other !== tag))}
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {onChange && typed === null && (
        <button
          data-needs="write"
          type="button"
          onClick={() => setTyped("")}
          className="inline-flex items-center gap-0.5 rounded-full border border-dashed px-2 py-0.5 text-soft hover:text-ink"
        >
          <Plus size={12} aria-hidden /> Tag
        </button>
      )}
      {onChange && typed !== null && (
        <input
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
          autoFocus
          aria-label="New tag"
          maxLength={30}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === "Enter") add();
            if (event.key === "Escape") setTyped(null);
          }}
          className="w-24 rounded-full border bg-canvas px-2 py-0.5"
        />
      )}
    </span>
  );
}
