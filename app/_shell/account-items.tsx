"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Check, Keyboard, LogIn, LogOut, PencilLine, UserRoundPen } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import type { MessageKey } from "@/lib/messages/messages";
import { useTranslate } from "../_messages/use-translate";
import { Link } from "../ui/link";
import { menuItemClass, menuLabelClass } from "../ui/menu-look";
import { chooseTextSize, chosenTextSize, type TextSize, textSizes } from "../ui/text-size";
import { chooseTheme, chosenTheme, type Theme, themes } from "../ui/theme";
import { say, sayError } from "../ui/toast";
import { openWindow } from "./opened";

const themeWords: Record<Theme, MessageKey> = { light: "shell.light", dark: "shell.dark", system: "shell.system" };
const sizeWords: Record<TextSize, MessageKey> = { "": "shell.normal", large: "shell.large", larger: "shell.larger" };

/** Who works here, and how the pages look: the same items on wide screens and on phones. */
export function AccountItems({ name }: { name: string | null }) {
  const t = useTranslate();
  const signOut = useSignOut();
  return (
    <>
      <DropdownMenu.Label className={`${menuLabelClass} truncate`}>
        {name === null ? t("shell.notSignedIn") : t("shell.signedInAs", { name })}
      </DropdownMenu.Label>
      {name === null ? (
        <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("enter")}>
          <LogIn size={16} aria-hidden /> {t("shell.signIn")}
        </DropdownMenu.Item>
      ) : (
        <>
          <DropdownMenu.Item data-in="alone" className={menuItemClass} onSelect={() => openWindow("enter")}>
            <UserRoundPen size={16} aria-hidden /> {t("shell.switch")}
          </DropdownMenu.Item>
          <DropdownMenu.Item data-in="alone" className={menuItemClass} onSelect={() => openWindow("rename")}>
            <PencilLine size={16} aria-hidden /> {t("shell.rename")}
          </DropdownMenu.Item>
          <DropdownMenu.Item data-in="team" asChild className={menuItemClass}>
            <Link href="/account">
              <UserRoundPen size={16} aria-hidden /> {t("shell.account")}
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => void signOut()}>
            <LogOut size={16} aria-hidden /> {t("shell.signOut")}
          </DropdownMenu.Item>
        </>
      )}
      <DropdownMenu.Separator className="my-1 border-t" />
      <Choice
        label={t("shell.theme")}
        words={themeWords}
        values={themes}
        chosen={chosenTheme()}
        onChoose={chooseTheme}
      />
      <DropdownMenu.Separator className="my-1 border-t" />
      <Choice
        label={t("shell.textSize")}
        words={sizeWords}
        values={textSizes}
        chosen={chosenTextSize()}
        onChoose={chooseTextSize}
      />
      <DropdownMenu.Separator className="my-1 border-t" />
      <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("shortcuts")}>
        <Keyboard size={16} aria-hidden /> {t("shell.shortcuts")}
      </DropdownMenu.Item>
    </>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  words: Record<Value, MessageKey>;
  values: readonly Value[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ label, words, values, chosen, onChoose }: ChoiceProps<Value>) {
  const t = useTranslate();
  return (
    <>
      <DropdownMenu.Label className={menuLabelClass}>{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={chosen} onValueChange={(value) => onChoose(value as Value)}>
        {values.map((value) => (
          <DropdownMenu.RadioItem key={value} value={value} className={menuItemClass}>
            <span className="size-4">
              <DropdownMenu.ItemIndicator>
                <Check size={16} aria-hidden />
              </DropdownMenu.ItemIndicator>
            </span>
            {t(words[value])}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}

function useSignOut() {
  const t = useTranslate();
  const router = useRouter();
  const client = useQueryClient();
  return async () => {
    try {
      await request("/api/me", z.null(), { method: "DELETE" });
      await client.invalidateQueries(); // some of it was this person's own
      if ("team" in document.documentElement.dataset) return location.assign("/sign-in");
      router.refresh();
      void say(t("shell.signedOut"));
    } catch (error) {
      void sayError((error as Error).message);
    }
  };
}
