"use client";

import { Ellipsis } from "lucide-react";
import { usePathname } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { Providers } from "../_client/providers";
import { useTranslate } from "../_messages/use-translate";
import { Link } from "../ui/link";
import { menuClass, menuItemClass } from "../ui/menu-look";
import { AccountItems } from "./account-items";
import { isHere, pages, settings } from "./pages";

const inTheBar = pages.slice(0, 4);
const underMore = [...pages.slice(4), ...settings];

const look =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-soft text-xs hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-accent";

/** The navigation of phones, at the bottom within a thumb's reach. */
export function PhoneBar({ name }: { name: string | null }) {
  const t = useTranslate();
  const path = usePathname();
  return (
    <nav aria-label={t("shell.main")} className="phone-bar border-t bg-surface">
      {inTheBar.map(({ href, label, icon: Icon, needs }) => (
        <Link
          key={href}
          href={href}
          data-needs={needs}
          aria-current={isHere(href, path) ? "page" : undefined}
          className={look}
        >
          <Icon size={18} aria-hidden />
          <span className="short:sr-only">{t(label)}</span>
        </Link>
      ))}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          className={look}
          aria-current={underMore.some(({ href }) => isHere(href, path)) ? "page" : undefined}
        >
          <Ellipsis size={18} aria-hidden />
          <span className="short:sr-only">{t("shell.more")}</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content side="top" align="end" sideOffset={8} collisionPadding={8} className={menuClass}>
          {underMore.map(({ href, label, icon: Icon, needs }) => (
            <DropdownMenu.Item key={href} asChild className={menuItemClass}>
              <Link href={href} data-needs={needs} aria-current={isHere(href, path) ? "page" : undefined}>
                <Icon size={16} aria-hidden /> {t(label)}
              </Link>
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="my-1 border-t" />
          <Providers>
            <AccountItems name={name} />
          </Providers>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
    </nav>
  );
}
