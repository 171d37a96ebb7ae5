// Toasts. Most visits need none, so they are loaded with the first.
import { here } from "../_messages/translate";

const toaster = async () => (await import("./toaster")).toast;

/** What a toast offers: Undo, or Open. */
interface Offer {
  label: string;
  act: () => void;
  /** How long it stands. */
  ms?: number;
}

export async function say(text: string, offer?: Offer): Promise<void> {
  const toast = await toaster();
  toast(text, offer && { action: { label: offer.label, onClick: offer.act }, duration: offer.ms ?? 8000 });
}

/** With a way back, for as long as the toast stands. */
export const sayWithUndo = (text: string, undo: () => void, ms: number): Promise<void> =>
  say(text, { label: here()("shell.undo"), act: undo, ms });

export async function sayError(text: string): Promise<void> {
  (await toaster()).error(text);
}
