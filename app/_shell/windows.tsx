"use client";

import { Suspense } from "react";
import { lazily } from "../ui/lazily";
import { closeWindow, useOpened } from "./opened";

// Most visits need none of these.
const Palette = lazily(() => import("./palette").then(({ Palette }) => Palette));
const Shortcuts = lazily(() => import("./shortcuts").then(({ Shortcuts }) => Shortcuts));
const NameDialog = lazily(() => import("./name-dialog").then(({ NameDialog }) => NameDialog));

/** The window that is open over the page, if one is. */
export function Windows({ name }: { name: string | null }) {
  const opened = useOpened();
  if (!opened) return null;
  const { window, from } = opened;
  return (
    <Suspense>
      {window === "palette" && <Palette from={from} onClose={closeWindow} />}
      {window === "shortcuts" && <Shortcuts from={from} onClose={closeWindow} />}
      {window === "enter" && <NameDialog name={null} from={from} onClose={closeWindow} />}
      {window === "rename" && <NameDialog name={name} from={from} onClose={closeWindow} />}
    </Suspense>
  );
}
