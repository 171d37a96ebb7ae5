"use client";

import type { Route } from "next";
import { usePathname } from "next/navigation";
import { intoView } from "../../ui/into-view";
import { Link } from "../../ui/link";

interface Tab {
  /** After the dataset's own address. */
  path: string;
  label: string;
  /** What waits there. */
  count?: number;
}

/** The pages of a dataset. */
export function TabList({ base, tabs }: { base: string; tabs: Tab[] }) {
  const here = usePathname();
  return (
    <nav aria-label="Dataset" className="relative mb-5 overflow-x-auto border-b">
      <ul className="flex gap-1">
        {tabs.map(({ path, label, count = 0 }) => {
          const href = `${base}${path}` as Route;
          return (
            <li key={path} ref={here === href ? intoView : undefined}>
              <Link
                href={href}
                aria-current={here === href ? "page" : undefined}
                className="block whitespace-nowrap border-transparent border-b-2 px-3 py-2 text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
              >
                {label}
                {count > 0 && <span className="numbers ml-1.5 rounded-full bg-raised px-1.5 text-xs">{count}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
