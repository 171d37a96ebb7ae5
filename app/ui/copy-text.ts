import { say } from "./toast";

/** Puts a text on the clipboard, and says so. */
export async function copyText(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  await say(said);
}
