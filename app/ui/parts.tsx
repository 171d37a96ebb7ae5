// The small parts that every page is made of.
import type { ButtonHTMLAttributes, ReactNode } from "react";

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
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: keyof typeof kinds }) {
  return <button type="button" className={`${buttonClass(kind)} ${className}`} {...rest} />;
}

export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded border border-current/30 px-1 font-mono text-[0.75rem] leading-5">
      {children}
    </kbd>
  );
}

export function Card({
  title,
  action,
  children,
  className = "",
}: {
  title?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`min-w-0 rounded-md border bg-surface p-4 ${className}`}>
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

export function PageHeader({ title, children, about }: { title: ReactNode; children?: ReactNode; about?: ReactNode }) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-xl leading-tight">{title}</h1>
        {about && <p className="mt-1 max-w-[75ch] text-soft">{about}</p>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  );
}

export function Page({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return <div className={`mx-auto px-4 py-6 sm:px-6 md:py-8 ${wide ? "max-w-[1440px]" : "max-w-5xl"}`}>{children}</div>;
}

export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="rounded-md border border-dashed p-8 text-center">
      <p className="font-medium">{title}</p>
      <p className="mx-auto mt-1 max-w-[55ch] text-soft">{children}</p>
      {action && <div className="mt-4 flex justify-center gap-2">{action}</div>}
    </div>
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
      {error instanceof Error ? error.message : String(error)}
    </p>
  );
}
