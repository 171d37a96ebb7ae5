// In which language whoever looks at a page reads it.
import "server-only";
import { eq } from "drizzle-orm";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { isLanguage, languageIn } from "../../common/languages";
import type { Language } from "../../common/written-language";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import { currentUser } from "./current-user";

const cookie = "language";

/** As they chose with their account or in this browser; else as the browser asks. Once a page. */
export const askedLanguage = cache(async (): Promise<Language> => {
  const chosen = (await currentUser())?.language ?? (await cookies()).get(cookie)?.value;
  return isLanguage(chosen) ? chosen : languageIn((await headers()).get("accept-language"));
});

/** For this browser, and wherever they sign in. */
export async function chooseLanguage(language: Language): Promise<void> {
  const user = await currentUser();
  if (user?.id) appDb().update(users).set({ language }).where(eq(users.id, user.id)).run();
  (await cookies()).set(cookie, language, { httpOnly: true, sameSite: "lax", path: "/", maxAge: 365 * 24 * 3600 });
}
