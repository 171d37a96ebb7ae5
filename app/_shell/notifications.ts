// Notifications of the browser, for whoever asked for them in this browser.
import { sayError } from "../ui/toast";

const entry = "notifications";

export const canNotify = (): boolean => "Notification" in window;

export const wantsNotifications = (): boolean =>
  canNotify() && Notification.permission === "granted" && localStorage.getItem(entry) === "on";

/** Asks the browser where it was not asked before; whether it may now. */
export async function wantNotifications(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") {
    void sayError("The browser does not allow notifications of this page; allow them in its settings for this site.");
    return false;
  }
  localStorage.setItem(entry, "on");
  return true;
}

export const stopNotifying = (): void => localStorage.removeItem(entry);

/** `tag`: the same event in two tabs is one notification. */
export function notify(title: string, tag: string, open: () => void): void {
  if (!wantsNotifications() || !document.hidden) return;
  const notification = new Notification(title, { tag });
  notification.onclick = () => {
    window.focus();
    open();
  };
}
