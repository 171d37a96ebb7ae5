"use client";

import { PanelLeft } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslate } from "../_messages/use-translate";
import { Link } from "../ui/link";
import { isHere, type Place, pages, settings } from "./pages";

/** Folded or not is an attribute of the page, which the layout's script sets before the first paint: nothing moves while the page loads. */
export function foldRail(): void {
  const folded = document.documentElement.dataset.rail !== "folded";
  document.documentElement.dataset.rail = folded ? "folded" : "";
  localStorage.setItem("rail", folded ? "folded" : "");
}

export function Rail() {
  const t = useTranslate();
  return (
    <nav aria-label={t("shell.main")} className="rail border-e bg-surface p-3">
      <Link href="/" className="mb-4 flex min-h-9 items-center gap-2.5 px-1.5 font-semibold">
        <Mark />
        <span className="folded:sr-only">{t("shell.workbench")}</span>
      </Link>
      <Places places={pages} />
      <hr className="my-2" />
      <Places places={settings} />
      <button
        type="button"
        onClick={foldRail}
        title={t("shell.foldOrUnfold")}
        className="mt-auto flex min-h-9 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-raised hover:text-ink"
      >
        <PanelLeft size={17} aria-hidden className="rtl:-scale-x-100" />
        <span className="folded:sr-only">
          <span className="folded:hidden">{t("shell.fold")}</span>
          <span className="hidden folded:inline">{t("shell.unfold")}</span>
        </span>
      </button>
    </nav>
  );
}

function Places({ places }: { places: Place[] }) {
  const t = useTranslate();
  const path = usePathname();
  return (
    <ul className="grid gap-0.5">
      {places.map(({ href, label, icon: Icon, needs }) => (
        <li key={href} data-needs={needs}>
          <Link
            href={href}
            title={t(label)}
            aria-current={isHere(href, path) ? "page" : undefined}
            className="flex min-h-9 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-wash aria-[current=page]:font-medium aria-[current=page]:text-accent"
          >
            <Icon size={17} aria-hidden className="shrink-0" />
            <span className="folded:sr-only">{t(label)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The logo: two answers, one of them ahead. */
function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="shrink-0">
      <rect x="2" y="3" width="7" height="14" rx="2" fill="var(--a)" />
      <rect x="11" y="7" width="7" height="10" rx="2" fill="var(--b)" />
    </svg>
  );
}
