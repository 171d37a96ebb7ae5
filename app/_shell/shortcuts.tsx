"use client";

import type { ReactNode } from "react";
import { Key } from "../ui/buttons";
import { Dialog } from "../ui/dialog";
import { openPages } from "./pages";

/** Every key that works on all pages. */
export function Shortcuts({ from, onClose }: { from: HTMLElement | null; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" from={from} onClose={onClose}>
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5">
        <Shortcut does="Search, and every command">
          <Key>Ctrl</Key> <Key>K</Key>
        </Shortcut>
        <Shortcut does="Fold or unfold the navigation">
          <Key>Ctrl</Key> <Key>B</Key>
        </Shortcut>
        {openPages().map(({ href, label, key }) => (
          <Shortcut key={href} does={label}>
            <Key>G</Key> then <Key>{key.toUpperCase()}</Key>
          </Shortcut>
        ))}
        <Shortcut does="This list">
          <Key>?</Key>
        </Shortcut>
        <Shortcut does="Close what is open">
          <Key>Esc</Key>
        </Shortcut>
      </dl>
      <p className="mt-4 text-soft text-xs">
        Letters do nothing while you type in a field. The annotation screen has keys of its own: press ? there.
      </p>
    </Dialog>
  );
}

function Shortcut({ does, children }: { does: string; children: ReactNode }) {
  return (
    <>
      <dt>{does}</dt>
      <dd className="text-right text-soft text-xs">{children}</dd>
    </>
  );
}
