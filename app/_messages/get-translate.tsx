// The server's side: what a page says in the language of whoever looks at it.
import "server-only";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import type { Language } from "@/common/written-language";
import { askedLanguage } from "@/lib/access/asked-language";
import { type MessageGroup, messagesIn, someMessages } from "@/lib/messages/messages";
import { type Translate, translateBy } from "./translate";
import { isTranslated } from "./translated-pages";
import { Messages } from "./use-translate";

/** Of the page that is asked for. */
export async function pageLanguage(): Promise<Language> {
  const path = (await headers()).get("x-path") ?? ""; // of proxy.ts
  return isTranslated(path) ? askedLanguage() : "en";
}

export async function getTranslate(): Promise<Translate> {
  const language = await pageLanguage();
  return translateBy(language, messagesIn(language));
}

/** Gives the components of a page in the browser the groups of messages that they read. */
export async function PageMessages({ groups, children }: { groups: MessageGroup[]; children: ReactNode }) {
  const language = await pageLanguage();
  return (
    <Messages language={language} messages={someMessages(language, groups)}>
      {children}
    </Messages>
  );
}
