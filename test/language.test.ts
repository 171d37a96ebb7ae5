// In which language a page is read: as was chosen with the account or in the browser, else as the browser asks.
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { appDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { translate } from "../lib/messages/messages";
import { asked, freshTeam, handlersOf, joined, sent } from "./team";

let cookie: string;
beforeAll(async () => {
  freshTeam();
  cookie = await joined("anna", "annotator");
});

const choose = async (body: object, headers: Record<string, string> = {}) =>
  (await handlersOf("/api/language")).POST!(sent("/api/language", body, headers), {});
const kept = () => appDb().select().from(users).where(eq(users.username, "anna")).get()!.language;

test("a choice is kept in the browser, and with the account of whoever is signed in", async () => {
  const { cookies } = await import("next/headers");
  expect((await choose({ language: "ja" })).status).toBe(200);
  expect((await cookies()).get("language")?.value).toBe("ja");
  expect(kept()).toBeNull();
  expect((await choose({ language: "de" }, { cookie })).status).toBe(200);
  expect((await cookies()).get("language")?.value).toBe("de");
  expect(kept()).toBe("de");
});

test("a language that there is not is refused", async () => {
  expect((await choose({ language: "tlh" }, { cookie })).status).toBe(400);
  expect(kept()).toBe("de");
});

test("what is refused is told in the language of the page that asks, and in English where it names none that there is", async () => {
  const refused = async (language: Record<string, string>) => {
    const { GET } = await handlersOf("/api/queues/[id]/tasks");
    const answer = await GET!(asked("GET", "/api/queues/99/tasks", { cookie, ...language }), {
      params: Promise.resolve({ id: "99" }),
    });
    return ((await answer.json()) as { error: string }).error;
  };
  expect(await refused({ "accept-language": "fr-CA, en;q=0.5" })).toBe(
    translate("fr", "error.noDataset", { id: "99" }),
  );
  expect(await refused({ "accept-language": "nl" })).toBe("There is no dataset 99.");
  expect(await refused({})).toBe("There is no dataset 99.");
});
