// What a page says, on the server and in the browser.

import { type Messages, translator, type Values } from "@/common/translate";
import type { Language } from "@/common/written-language";
import type { MessageKey } from "@/lib/messages/messages";

export interface Translate {
  (key: MessageKey, values?: Values): string;
  language: Language;
  messages: Messages<MessageKey>;
}

export const translateBy = (language: Language, messages: Messages<MessageKey>): Translate =>
  Object.assign(translator(language, messages), { language, messages });

let shown = translateBy("en", {});

/** The page's language for what is no component: requests, and what is told when they fail. Of the browser alone, which shows one page at a time. */
export const here = (): Translate => shown;
export const setHere = (translate: Translate): void => {
  shown = translate;
};
