"use client";

import type { ReactNode } from "react";
import { rich } from "@/app/ui/rich";
import { useTranslate } from "../_messages/use-translate";
import { Key } from "../ui/buttons";
import { Dialog } from "../ui/dialog";
import { openPages } from "./pages";

/** Every key that works on all pages. */
export function Shortcuts({ from, onClose }: { from: HTMLElement | null; onClose: () => void }) {
  const t = useTranslate();
  return (
    <Dialog title={t("shell.shortcuts")} from={from} onClose={onClose}>
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
        <Shortcut does={t("shell.keySearch")}>
          <Key>{t("shell.ctrl")}</Key> <Key>K</Key>
        </Shortcut>
        <Shortcut does={t("shell.keyFold")}>
          <Key>{t("shell.ctrl")}</Key> <Key>B</Key>
        </Shortcut>
        {openPages().map(({ href, label, key }) => (
          <Shortcut key={href} does={t(label)}>
            {rich(t, "shell.keyThen", { key: key.toUpperCase() })}
          </Shortcut>
        ))}
        <Shortcut does={t("shell.keyList")}>
          <Key>?</Key>
        </Shortcut>
        <Shortcut does={t("shell.keyClose")}>
          <Key>{t("shell.esc")}</Key>
        </Shortcut>
      </dl>
      <p className="mt-4 text-soft text-xs">{t("shell.keysAbout")}</p>
    </Dialog>
  );
}

function Shortcut({ does, children }: { does: string; children: ReactNode }) {
  return (
    <>
      <dt>{does}</dt>
      <dd className="text-end text-soft text-xs">{children}</dd>
    </>
  );
}
