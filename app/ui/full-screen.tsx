"use client";

import { Expand } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./buttons";
import { Dialog } from "./dialog";
import { IconButton } from "./icon-button";

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
    <>
      <IconButton label={`${title} on the whole screen`} onClick={() => setOpen(true)}>
        <Expand size={14} aria-hidden />
      </IconButton>
      {open && (
        <Dialog title={title} hideTitle shape="screen" onClose={() => setOpen(false)}>
          <p className="flex justify-end px-3 pt-2">
            <Button kind="quiet" onClick={() => setOpen(false)}>
              Close
            </Button>
          </p>
          {children(Math.max(240, window.innerHeight - around))}
        </Dialog>
      )}
    </>
  );
}
