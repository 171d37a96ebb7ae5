import type { Language } from "./written-language";

/** Each as it calls itself. */
export const languageNames: Record<Language, string> = {
  en: "English",
  ar: "العربية",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  ja: "日本語",
  zh: "简体中文",
};
