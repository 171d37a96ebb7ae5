"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** A link of the rail that marks the current page. */
export function RailLink({ href, children }: { href: Route; children: ReactNode }) {
  const path = usePathname();
  const here = href === "/" ? path === "/" : path.startsWith(href);
  return (
    <Link
      href={href}
      prefetch={false} // pages are made in milliseconds, and their scripts should not weigh on the annotation screen
      aria-current={here ? "page" : undefined}
      className="flex flex-1 flex-col items-center gap-1 rounded-md px-2 py-2 text-soft text-xs transition-colors hover:bg-raised hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-accent md:flex-none md:flex-row md:gap-2.5 md:text-sm md:aria-[current=page]:bg-accent-wash"
    >
      {children}
    </Link>
  );
}
