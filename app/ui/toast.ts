// Toasts. Most visits need none, so the library is loaded with the first.
import { createElement } from "react";
import { flushSync } from "react-dom";

let shown: Promise<typeof import("sonner")> | null = null;

async function mount() {
  const [sonner, { createRoot }] = await Promise.all([import("sonner"), import("react-dom/client")]);
  const style = {
    background: "var(--surface)",
    color: "var(--ink)",
    borderColor: "var(--line)",
    fontFamily: "inherit",
  };
  // over the empty middle of the bar at the top, or under a phone's, where no control is
  const toaster = createElement(sonner.Toaster, {
    position: "top-center",
    style: { fontFamily: "inherit" },
    offset: { top: 4 },
    mobileOffset: { top: 52 },
    toastOptions: { style, actionButtonStyle: { background: "var(--accent)", color: "var(--accent-ink)" } },
  });
  flushSync(() => createRoot(document.body.appendChild(document.createElement("div"))).render(toaster)); // the toaster is mounted before the first toast
  return sonner;
}

/** What a toast offers: Undo, or Open. */
interface Offer {
  label: string;
  act: () => void;
  /** How long it stands. */
  ms?: number;
}

export async function say(text: string, offer?: Offer): Promise<void> {
  shown ??= mount();
  const { toast } = await shown;
  toast(text, offer && { action: { label: offer.label, onClick: offer.act }, duration: offer.ms ?? 8000 });
}

/** With a way back, for as long as the toast stands. */
export async function sayWithUndo(text: string, undo: () => void, ms: number): Promise<void> {
  shown ??= mount();
  (await shown).toast(text, { duration: ms, action: { label: "Undo", onClick: undo } });
}

export async function sayError(text: string): Promise<void> {
  shown ??= mount();
  (await shown).toast.error(text);
}
