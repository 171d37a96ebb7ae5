import { z } from "zod";
import { languages } from "@/common/languages";
import { chooseLanguage } from "@/lib/access/asked-language";
import { handle } from "@/lib/http/handle";

const input = z.strictObject({ language: z.enum(languages) });

/** In which language annotators' pages are read: kept in a cookie, and with the account where one is signed in. */
export const POST = handle("public", { body: input, answer: z.null() }, async ({ body: { language } }) => {
  await chooseLanguage(language);
  return null;
});
