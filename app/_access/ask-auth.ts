// What the forms about accounts ask of better-auth's routes.

/** Null where the server does not answer. */
export const askAuth = (path: string, body: object): Promise<Response | null> =>
  fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);

/** Why not, in a sentence. `refused`: where what was typed is wrong, of which nothing more is said. */
export function refusalOf(answer: Response | null, refused: string): string {
  if (answer === null) return "The server does not answer; try again in a moment.";
  if (answer.status === 429) {
    const seconds = answer.headers.get("x-retry-after");
    return `Too many tries; wait ${seconds === null ? "some minutes" : `${seconds} s`} and try again.`;
  }
  return answer.status >= 500 ? "Something went wrong on the server; its log says what." : refused;
}
