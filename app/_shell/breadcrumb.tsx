"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import { usePathname } from "next/navigation";
import { placeNameQuery } from "../_client/queries";
import { Link } from "../ui/link";
import { crumbsOf, namedIn } from "./crumbs";

/** Where one is. On phones the page itself and what it belongs to have room; the rest is cut. */
export function Breadcrumb() {
  const path = usePathname();
  const crumbs = crumbsOf(path, useName(path));
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex items-center gap-1 whitespace-nowrap text-soft">
        {crumbs.map(({ label, href }, i) => {
          const last = i === crumbs.length - 1;
          return (
            <li
              key={href}
              className={`flex items-center gap-1 ${i === 1 || (last && crumbs.length < 3) ? "min-w-0" : ""}`}
            >
              {i > 0 && <ChevronRight size={14} aria-hidden className="shrink-0" />}
              {last ? (
                <span aria-current="page" className="truncate font-medium text-ink">
                  {label}
                </span>
              ) : (
                <Link href={href as Route} className="truncate hover:text-ink hover:underline">
                  {label}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Of the dataset or run that the address is about. */
function useName(path: string): string | undefined {
  const [section, id] = namedIn(path) ?? ["", ""];
  const { data } = useQuery({ ...placeNameQuery(section, id), enabled: id !== "" });
  return data?.name;
}
