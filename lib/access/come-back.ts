// Where a browser stands that comes back from the team's provider.
import "server-only";
import { passedToAuth } from "./auth";
import { sessionIn } from "./signing-in";

/** Signed in, on the page that it came from; else at the sign-in again, which says no more than that it did not come to anything. */
export async function comeBack(request: Request): Promise<Response> {
  const answer = await passedToAuth(request);
  if ((await sessionIn(answer)) !== null) return answer;
  return new Response(null, { status: 303, headers: { location: "/sign-in?refused=1" } });
}
