// How the language of a page is written. Apart from the list of all of them, which no page in the browser needs.
export type Language = "en" | "ar" | "de" | "es" | "fr" | "ja" | "zh";

export const directionOf = (language: Language): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr");

/** For Intl. Arabic with the digits that stand on the keys and in numbers of records. */
export const localeOf = (language: Language): string => (language === "ar" ? "ar-u-nu-latn" : language);
