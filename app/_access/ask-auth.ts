// What the forms about accounts ask of better-auth's routes.
import { here } from "../_messages/translate";

/** Null where the server does not answer. */
export const askAuth = (path: string, body: object): Promise<Response | null> =>
  fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);

/** Why not, in a sentence. `refused`: where what was typed is wrong, of which nothing more is said. */
export function refusalOf(answer: Response | null, refused: string): string {
  const t = here();
  if (answer === null) return t("error.noAnswer");
  if (answer.status === 429) {
    const seconds = answer.headers.get("x-retry-after");
    return seconds === null ? t("error.tooManyTriesForNow") : t("error.tooManyTries", { seconds });
  }
  return answer.status >= 500 ? t("error.unexpected") : refused;
}
