"use client";

import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

const shapes = {
  window: "top-[min(18vh,10rem)] left-1/2 max-h-[75dvh] w-[min(92vw,28rem)] -translate-x-1/2 p-5",
  wide: "top-[min(12vh,8rem)] left-1/2 max-h-[80dvh] w-[min(92vw,36rem)] -translate-x-1/2 p-5",
  screen: "inset-4 sm:inset-8",
};

interface Props {
  title: ReactNode;
  /** Read out, but not shown. */
  hideTitle?: boolean;
  about?: ReactNode;
  shape?: keyof typeof shapes;
  /** `alertdialog` for a question that has to be answered. */
  role?: "dialog" | "alertdialog";
  onClose: () => void;
  /** What gets the focus back, where that is not what had it before. */
  from?: HTMLElement | null;
  children: ReactNode;
}

/** A window over the page while it is rendered. Esc and a click beside it close it, and the focus returns to where it was. */
export function Dialog({
  title,
  hideTitle = false,
  about,
  shape = "window",
  role = "dialog",
  onClose,
  from,
  children,
}: Props) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Radix.Content
          role={role}
          {...(!about && { "aria-describedby": undefined })}
          onCloseAutoFocus={(event) => {
            if (!from) return;
            event.preventDefault();
            from.focus();
          }}
          className={`fixed z-50 overflow-y-auto rounded-md border bg-surface shadow-lg ${shapes[shape]}`}
        >
          <Radix.Title className={hideTitle ? "sr-only" : "font-semibold text-lg"}>{title}</Radix.Title>
          {about && <Radix.Description className="mt-1 text-soft">{about}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
