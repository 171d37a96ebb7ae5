/** Whether a page is there in several languages: those of annotators are, and those by which one gets in. Researchers' pages are in English. */
export const isTranslated = (path: string): boolean => /^\/(annotate|sign-in|join|account)(\/|\?|$)/.test(path);
