// Cards, progress bars and error messages.
import type { ReactNode } from "react";
import { Sentence } from "./sentence";

export function Card({
  id,
  title,
  action,
  children,
  className = "",
}: {
  /** What an address may name. */
  id?: string;
  title?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section id={id} className={`min-w-0 rounded-md border bg-surface p-4 ${className}`}>
      {(title || action) && (
        <header className="mb-2 flex min-h-9 items-center justify-between gap-3">
          <h2 className="text-sm">{title}</h2>
          {action}
        </header>
      )}
      {children}
    </section>
  );
}

export function Progress({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 overflow-hidden rounded-full bg-raised"
    >
      <div className="h-full rounded-full bg-accent transition-[width] duration-150" style={{ width: `${percent}%` }} />
    </div>
  );
}

export function Problem({ error }: { error: unknown }) {
  return (
    <p role="alert" className="rounded-md border border-bad/50 p-3 text-bad">
      <Sentence text={error instanceof Error ? error.message : String(error)} />
    </p>
  );
}
