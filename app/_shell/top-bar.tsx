"use client";

import { Search } from "lucide-react";
import { Providers } from "../_client/providers";
import { useTranslate } from "../_messages/use-translate";
import { Key } from "../ui/buttons";
import { AccountMenu } from "./account-menu";
import { Breadcrumb } from "./breadcrumb";
import { JobsMenu } from "./jobs-menu";
import { MentionsMenu } from "./mentions-menu";
import { openWindow } from "./opened";
import { useShellKeys } from "./shell-keys";
import { Windows } from "./windows";

/** Where one is, the search, what is at work, who has named one, and who one is. */
export function TopBar({ name }: { name: string | null }) {
  useShellKeys();
  const t = useTranslate();
  return (
    <Providers>
      <header className="top-bar border-b bg-canvas px-4 md:px-6">
        <Breadcrumb />
        <div className="ms-auto flex shrink-0 items-center gap-1">
          <button
            type="button"
            aria-label={t("shell.searchAll")}
            aria-haspopup="dialog"
            onClick={() => openWindow("palette")}
            className="flex min-h-9 min-w-9 items-center justify-center gap-2 rounded-md text-soft hover:bg-raised hover:text-ink md:border md:bg-surface md:px-2.5 md:text-xs"
          >
            <Search size={16} aria-hidden />
            <span className="hidden md:inline">{t("shell.search")}</span>
            <span className="hidden md:inline">
              <Key>{t("shell.ctrl")} K</Key>
            </span>
          </button>
          <JobsMenu />
          <MentionsMenu />
          <AccountMenu name={name} />
        </div>
      </header>
      <Windows name={name} />
    </Providers>
  );
}
