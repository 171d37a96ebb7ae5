"use client";

import { Pencil } from "lucide-react";
import { useState } from "react";
import type { Permission } from "@/spec/roles";
import { useTranslate } from "../_messages/use-translate";
import { mayHere } from "./may";
import { useHydrated } from "./use-hydrated";

interface Props {
  value: string;
  /** What it is, for who hears the page. */
  label: string;
  onSave: (value: string) => void;
  /** Without it, it is text as any other. */
  needs?: Permission;
  /** Shown where it is empty. */
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  /** Only a pencil until it is changed: where the text stands beside it. */
  iconOnly?: boolean;
  className?: string;
}

/** Text that is changed where it stands: Enter or leaving the field keeps it, Esc does not. */
export function EditableText({
  value,
  label,
  onSave,
  needs = "write",
  placeholder = "",
  required = false,
  maxLength = 80,
  iconOnly = false,
  className = "",
}: Props) {
  const t = useTranslate();
  const [typed, setTyped] = useState<string | null>(null);
  const fixed = useHydrated() && !mayHere(needs);
  if (fixed) return iconOnly ? null : <span className={`truncate ${className}`}>{value}</span>;
  if (typed === null)
    return (
      <button
        type="button"
        aria-label={t("shell.editable", { label, value: value || placeholder })}
        title={t("shell.change")}
        onClick={() => setTyped(value)}
        className={`group inline-flex min-w-0 items-center gap-1.5 rounded-md text-start hover:bg-raised ${className}`}
      >
        {!iconOnly && <span className={`min-w-0 truncate ${value ? "" : "text-soft"}`}>{value || placeholder}</span>}
        <Pencil
          size={13}
          className="shrink-0 text-soft opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
          aria-hidden
        />
      </button>
    );
  const keep = () => {
    const text = typed.trim();
    if (text !== value && !(required && text === "")) onSave(text);
    setTyped(null);
  };
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
      autoFocus
      aria-label={label}
      value={typed}
      maxLength={maxLength}
      placeholder={placeholder}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key === "Escape") setTyped(null);
      }}
      className={`min-w-0 rounded-md border bg-canvas px-1.5 ${className}`}
    />
  );
}
