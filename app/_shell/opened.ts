// Which window of the shell is open. Keys, menus and the palette open them, so that is known outside of React.
import { useSyncExternalStore } from "react";

export type ShellWindow = "palette" | "shortcuts" | "enter" | "rename";

interface Opened {
  window: ShellWindow;
  /** What gets the focus back. */
  from: HTMLElement | null;
}

let opened: Opened | null = null;
const listeners = new Set<() => void>();

function set(next: Opened | null): void {
  opened = next;
  for (const listener of listeners) listener();
}

export const openWindow = (window: ShellWindow): void => set({ window, from: opened?.from ?? focused() });
export const closeWindow = (): void => set(null);

/** What has the focus; of a menu, which closes now, what opened it. */
function focused(): HTMLElement | null {
  const element = document.activeElement as HTMLElement | null;
  const menu = element?.closest("[role=menu]");
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : element;
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useOpened = (): Opened | null =>
  useSyncExternalStore(
    subscribe,
    () => opened,
    () => null,
  );
