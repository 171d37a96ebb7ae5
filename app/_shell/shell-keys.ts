// The keys that work on every page but the annotation screen.
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { openWindow } from "./opened";
import { openPages } from "./pages";
import { foldRail } from "./rail";

/** So long `g` waits for its letter. */
const patienceMs = 1500;

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]") !== null;

const isWindowOpen = () => document.querySelector("[role=dialog], [role=menu], dialog[open]") !== null;

export function useShellKeys(): void {
  const router = useRouter();
  useEffect(() => {
    let wentAt = Number.NEGATIVE_INFINITY; // when `g` was pressed
    const press = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (isCommand && key === "k") return take(event, () => openWindow("palette"));
      if (isTyping(event.target) || isWindowOpen() || event.altKey) return;
      if (isCommand && key === "b") return take(event, foldRail);
      if (event.ctrlKey || event.metaKey) return;
      if (event.timeStamp - wentAt < patienceMs) {
        wentAt = Number.NEGATIVE_INFINITY;
        const page = openPages().find((one) => one.key === key);
        if (page) return take(event, () => router.push(page.href));
      }
      if (key === "g") wentAt = event.timeStamp;
      else if (key === "?") take(event, () => openWindow("shortcuts"));
    };
    // first of all: the letter after `g` is no key of the page
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [router]);
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}
