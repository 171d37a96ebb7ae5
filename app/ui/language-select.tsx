"use client";

import { languageNames } from "@/common/language-names";
import { languages } from "@/common/languages";
import type { Language } from "@/common/written-language";
import { send } from "../_client/fetch";
import { useTranslate } from "../_messages/use-translate";
import { sayError } from "./toast";
import { useHydrated } from "./use-hydrated";

/** The language of annotators' screens. The page is loaded anew in it. */
export function LanguageSelect() {
  const t = useTranslate();
  const hydrated = useHydrated();
  const choose = (language: string) =>
    send("POST", "/api/language", { language }).then(
      () => location.reload(),
      (error: Error) => sayError(error.message),
    );
  return (
    <label className="flex items-center gap-2 text-soft text-sm">
      {t("shell.language")}
      <select
        value={t.language}
        disabled={!hydrated}
        onChange={({ target }) => void choose(target.value)}
        className="min-h-9 rounded-md border bg-surface px-2 text-ink"
      >
        {languages.map((language: Language) => (
          <option key={language} value={language} lang={language}>
            {languageNames[language]}
          </option>
        ))}
      </select>
    </label>
  );
}
