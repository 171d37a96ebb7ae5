// Buttons, and the key caps that name their shortcuts.
import type { ComponentProps, ReactNode } from "react";

const kinds = {
  primary: "bg-accent text-accent-ink hover:opacity-90",
  plain: "border bg-surface text-ink hover:bg-raised",
  quiet: "text-soft hover:bg-raised hover:text-ink",
} as const;

const shape =
  "inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3.5 py-1.5 font-medium text-sm transition-colors disabled:cursor-not-allowed disabled:opacity-55";

export const buttonClass = (kind: keyof typeof kinds = "plain") => `${shape} ${kinds[kind]}`;

export function Button({
  kind = "plain",
  className = "",
  ...rest
}: ComponentProps<"button"> & { kind?: keyof typeof kinds }) {
  return <button type="button" className={`${buttonClass(kind)} ${className}`} {...rest} />;
}

export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded border border-current/30 px-1 font-mono text-[0.75rem] leading-5">
      {children}
    </kbd>
  );
}
