// The names under which the workbench answers. Any other Host header is a page elsewhere that had its name resolved to us (DNS rebinding).
import { teamUrl } from "../../common/env";
import { isThisMachine } from "../../common/this-machine";

/** This machine's own names; where it serves a team that team's address alone. `npm start` asks by a local name whether the server is well. */
export function isOwnHost(host: string, path: string): boolean {
  const team = teamUrl();
  const local = isThisMachine(host.replace(/:\d+$/, ""));
  return team === null || path === "/api/health" ? local || host === team?.host : host === team.host;
}
