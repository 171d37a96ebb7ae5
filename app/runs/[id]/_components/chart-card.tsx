"use client";

import { Expand, Pin, PinOff } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ComponentProps, type ReactNode, useState } from "react";
import { LineChart } from "../../../ui/line-chart";

interface Props extends Omit<ComponentProps<typeof LineChart>, "height" | "actions"> {
  pinned: boolean;
  onPin: () => void;
}

/** A chart that can be pinned before the others, and opened over the whole screen. */
export function ChartCard({ pinned, onPin, ...chart }: Props) {
  const [open, setOpen] = useState(false);
  const { title } = chart;
  return (
    <>
      <LineChart
        {...chart}
        actions={
          <>
            <IconButton label={pinned ? `Unpin ${title}` : `Pin ${title}`} onClick={onPin}>
              {pinned ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
            </IconButton>
            <IconButton label={`${title} on the whole screen`} onClick={() => setOpen(true)}>
              <Expand size={14} aria-hidden />
            </IconButton>
          </>
        }
      />
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-canvas/80" />
          <Dialog.Content aria-describedby={undefined} className="fixed inset-4 z-50 overflow-auto sm:inset-8">
            <Dialog.Title className="sr-only">{title}</Dialog.Title>
            <LineChart
              {...chart}
              height={Math.max(240, window.innerHeight - 220)}
              actions={
                <Dialog.Close className="rounded-md px-2 text-soft text-sm hover:bg-raised hover:text-ink">
                  Close
                </Dialog.Close>
              }
            />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

function IconButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="inline-flex size-7 items-center justify-center rounded-md text-soft hover:bg-raised hover:text-ink"
    >
      {children}
    </button>
  );
}
