"use client";

import { lazy, Suspense } from "react";
import { closeWindow, useOpened } from "./opened";

// Most visits need none of these.
const Palette = lazy(() => import("./palette").then(({ Palette }) => ({ default: Palette })));
const Shortcuts = lazy(() => import("./shortcuts").then(({ Shortcuts }) => ({ default: Shortcuts })));
const NameDialog = lazy(() => import("./name-dialog").then(({ NameDialog }) => ({ default: NameDialog })));

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
