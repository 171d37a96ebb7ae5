"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Check, Keyboard, LogIn, LogOut, PencilLine, UserRoundPen } from "lucide-react";
import { useRouter } from "next/navigation";
import { DropdownMenu } from "radix-ui";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import { menuItemClass, menuLabelClass } from "../ui/menu-look";
import { chooseTheme, chosenTheme, type Theme, themes } from "../ui/theme";
import { say, sayError } from "../ui/toast";
import { openWindow } from "./opened";

const words: Record<Theme, string> = { light: "Light", dark: "Dark", system: "As the system" };

/** Who works here, and how the pages look: the same items on wide screens and on phones. */
export function AccountItems({ name }: { name: string | null }) {
  const signOut = useSignOut();
  return (
    <>
      <DropdownMenu.Label className={`${menuLabelClass} truncate`}>
        {name === null ? "Not signed in" : `Signed in as ${name}`}
      </DropdownMenu.Label>
      {name === null ? (
        <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("enter")}>
          <LogIn size={16} aria-hidden /> Sign in
        </DropdownMenu.Item>
      ) : (
        <>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("enter")}>
            <UserRoundPen size={16} aria-hidden /> Switch annotator
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("rename")}>
            <PencilLine size={16} aria-hidden /> Rename
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => void signOut()}>
            <LogOut size={16} aria-hidden /> Sign out
          </DropdownMenu.Item>
        </>
      )}
      <DropdownMenu.Separator className="my-1 border-t" />
      <DropdownMenu.Label className={menuLabelClass}>Theme</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={chosenTheme()} onValueChange={(theme) => chooseTheme(theme as Theme)}>
        {themes.map((theme) => (
          <DropdownMenu.RadioItem key={theme} value={theme} className={menuItemClass}>
            <span className="size-4">
              <DropdownMenu.ItemIndicator>
                <Check size={16} aria-hidden />
              </DropdownMenu.ItemIndicator>
            </span>
            {words[theme]}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
      <DropdownMenu.Separator className="my-1 border-t" />
      <DropdownMenu.Item className={menuItemClass} onSelect={() => openWindow("shortcuts")}>
        <Keyboard size={16} aria-hidden /> Keyboard shortcuts
      </DropdownMenu.Item>
    </>
  );
}

function useSignOut() {
  const router = useRouter();
  const client = useQueryClient();
  return async () => {
    try {
      await request("/api/me", z.null(), { method: "DELETE" });
      await client.invalidateQueries(); // some of it was this person's own
      router.refresh();
      void say("Signed out. Annotations stay under their name; give it again to go on.");
    } catch (error) {
      void sayError((error as Error).message);
    }
  };
}
