// Where a browser stands that comes back from the team's provider.
import "server-only";
import { passedToAuth } from "./auth";
import { currentUser } from "./current-user";
import { connectedAt, notConnectedAt } from "./linked";
import { sessionIn } from "./signing-in";

/**
 * Signed in, on the page that it came from, or on its account, which says whether that was connected; else at the sign-in again, which says no more
 * than that it did not come to anything.
 */
export async function comeBack(request: Request): Promise<Response> {
  const answer = await passedToAuth(request);
  if ((await sessionIn(answer)) !== null) return answer;
  const isConnected = answer.headers.get("location") === connectedAt;
  const refused = (await currentUser()) === null ? "/sign-in?refused=1" : notConnectedAt;
  return new Response(null, { status: 303, headers: { location: isConnected ? connectedAt : refused } });
}
