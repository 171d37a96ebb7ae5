"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { directionOf } from "@/common/written-language";
import { setHere } from "./translate";
import { isTranslated } from "./translated-pages";
import { Messages, type MessagesProps, useTranslate } from "./use-translate";

interface Props {
  own: MessagesProps;
  /** For the other pages; null where one's own is English too. */
  english: MessagesProps | null;
  children: ReactNode;
}

/** What is on every page, in the language of that page. A link may lead from one in Arabic to one in English without another document. */
export function PageLanguage({ own, english, children }: Props) {
  const path = usePathname();
  const shown = english && !isTranslated(path) ? english : own;
  return (
    <Messages {...shown}>
      <InDocument />
      {children}
    </Messages>
  );
}

function InDocument() {
  const translate = useTranslate();
  useEffect(() => {
    const { language } = translate;
    Object.assign(document.documentElement, { lang: language, dir: directionOf(language) });
    setHere(translate);
  }, [translate]);
  return null;
}
