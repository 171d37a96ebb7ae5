"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";

const tabs = [
  { path: "", label: "Overview" },
  { path: "/records", label: "Records" },
  { path: "/quality", label: "Quality" },
  { path: "/adjudication", label: "Adjudication" },
  { path: "/export", label: "Export" },
  { path: "/settings", label: "Settings" },
];

/** The pages of a dataset. */
export function Tabs({ id, disputes }: { id: number; disputes: number }) {
  const here = usePathname();
  return (
    <nav aria-label="Dataset" className="relative mb-5 overflow-x-auto border-b">
      <ul className="flex gap-1">
        {tabs.map(({ path, label }) => {
          const href = `/datasets/${id}${path}` as Route;
          return (
            <li key={path}>
              <Link
                href={href}
                prefetch={false}
                aria-current={here === href ? "page" : undefined}
                className="block whitespace-nowrap border-transparent border-b-2 px-3 py-2 text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
              >
                {label}
                {label === "Adjudication" && disputes > 0 && (
                  <span className="numbers ml-1.5 rounded-full bg-raised px-1.5 text-xs">{disputes}</span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
