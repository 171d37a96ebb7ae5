"use client";

import { createContext, type ReactNode, use, useMemo } from "react";
import type { Messages as Compiled } from "@/common/translate";
import type { Language } from "@/common/written-language";
import type { MessageKey } from "@/lib/messages/messages";
import { type Translate, translateBy } from "./translate";

const Shown = createContext(translateBy("en", {}));

/** What components within the page say, in its language. */
export const useTranslate = (): Translate => use(Shown);

export interface MessagesProps {
  language: Language;
  messages: Compiled<MessageKey>;
}

/** Gives what is within it these messages beside those around it. */
export function Messages({ language, messages, children }: MessagesProps & { children: ReactNode }) {
  const outer = use(Shown).messages;
  const value = useMemo(() => translateBy(language, { ...outer, ...messages }), [outer, language, messages]);
  return <Shown value={value}>{children}</Shown>;
}
