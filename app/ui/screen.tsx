// A page and its header: every page loads them with app/error.tsx, so nothing else stands here.
import type { ReactNode } from "react";

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

/** One width for all pages, so that nothing jumps sideways between them. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="mx-auto max-w-[1440px] px-4 py-6 sm:px-6">{children}</div>;
}
