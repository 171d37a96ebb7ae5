"use client";

import { Expand } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { IconButton } from "./buttons";

interface Props {
  title: string;
  /** The chart, at a height that fills the screen. */
  children: (height: number) => ReactNode;
}

/** Around a plot: the card's heading, its values and margins. */
const around = 220;

/** A button that opens a chart over the whole screen. */
export function FullScreen({ title, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton label={`${title} on the whole screen`}>
          <Expand size={14} aria-hidden />
        </IconButton>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-canvas/80" />
        <Dialog.Content aria-describedby={undefined} className="fixed inset-4 z-50 overflow-auto bg-surface sm:inset-8">
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          <p className="flex justify-end px-3 pt-2">
            <Dialog.Close className="rounded-md px-2 text-soft text-sm hover:bg-raised hover:text-ink">
              Close
            </Dialog.Close>
          </p>
          {/* the server, which has no window, renders this too */}
          {open && children(Math.max(240, window.innerHeight - around))}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
