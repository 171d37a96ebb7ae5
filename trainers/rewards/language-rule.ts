// Whether a completion is in the language that was asked for. What tells languages apart takes 200 MB: runs that do not ask do without.
import type { languageOf } from "../../common/language";

let tell: typeof languageOf | null = null;

/** Awaited before a run's rewards are made. */
export async function loadLanguages(): Promise<void> {
  tell = (await import("../../common/language")).languageOf;
}

/** 1 in the language, 0 in another or where nothing can be told; reasoning may be in any. */
export const languageRule =
  (code: string) =>
  ({ text }: { text: string }): number => {
    if (tell === null) throw new Error("the rule language is asked before the languages are loaded (loadLanguages)");
    return tell(text.split("</think>").at(-1)!)?.language === code ? 1 : 0;
  };
