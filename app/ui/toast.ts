// Toasts. Most visits need none, so the library is loaded with the first.
import { createElement } from "react";
import { flushSync } from "react-dom";

let shown: Promise<typeof import("sonner")> | null = null;

async function mount() {
  const [sonner, { createRoot }] = await Promise.all([import("sonner"), import("react-dom/client")]);
  const style = { background: "var(--surface)", color: "var(--ink)", borderColor: "var(--line)" };
  const toaster = createElement(sonner.Toaster, { position: "bottom-right", toastOptions: { style } });
  flushSync(() => createRoot(document.body.appendChild(document.createElement("div"))).render(toaster)); // the toaster is mounted before the first toast
  return sonner;
}

export async function say(text: string): Promise<void> {
  shown ??= mount();
  (await shown).toast(text);
}

export async function sayError(text: string): Promise<void> {
  shown ??= mount();
  (await shown).toast.error(text);
}
