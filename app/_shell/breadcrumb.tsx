"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import { usePathname } from "next/navigation";
import type { MessageKey } from "@/lib/messages/messages";
import { placeNameQuery } from "../_client/queries";
import { useTranslate } from "../_messages/use-translate";
import { Link } from "../ui/link";
import { crumbsOf, namedIn } from "./crumbs";

/** The pages that are there in several languages. */
const translated: Record<string, MessageKey | undefined> = {
  "/annotate": "shell.annotate",
  "/account": "shell.account",
  "/sign-in": "shell.atSignIn",
  "/join": "shell.atJoin",
};

/** Where one is. On phones the page itself and what it belongs to have room; the rest is cut. */
export function Breadcrumb() {
  const t = useTranslate();
  const path = usePathname();
  const crumbs = crumbsOf(path, useName(path));
  return (
    <nav aria-label={t("shell.breadcrumb")} className="min-w-0">
      <ol className="flex items-center gap-1 whitespace-nowrap text-soft">
        {crumbs.map(({ label: english, href }, i) => {
          const label = translated[href] ? t(translated[href]) : english;
          const last = i === crumbs.length - 1;
          return (
            <li
              key={href}
              className={`flex items-center gap-1 ${i === 1 || (last && crumbs.length < 3) ? "min-w-0" : ""}`}
            >
              {i > 0 && <ChevronRight size={14} aria-hidden className="shrink-0 rtl:-scale-x-100" />}
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
