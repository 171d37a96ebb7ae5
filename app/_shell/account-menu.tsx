"use client";

import { CircleUserRound } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTranslate } from "../_messages/use-translate";
import { menuClass } from "../ui/menu-look";
import { AccountItems } from "./account-items";

/** The account menu of wide screens; phones have it under More. */
export function AccountMenu({ name }: { name: string | null }) {
  const t = useTranslate();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={name === null ? t("shell.accountOfNobody") : t("shell.accountOf", { name })}
        className="hidden min-h-9 max-w-44 items-center gap-2 rounded-md px-2 text-soft hover:bg-raised hover:text-ink md:flex"
      >
        <CircleUserRound size={17} aria-hidden className="shrink-0" />
        <span className="truncate">{name ?? t("shell.signIn")}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end" sideOffset={6} collisionPadding={8} className={menuClass}>
        <AccountItems name={name} />
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
