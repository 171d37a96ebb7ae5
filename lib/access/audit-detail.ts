// What an entry of the audit log says of what was sent, as one text of fields: "role viewer, note Zoe".
import "server-only";
import { teamUrl } from "../../common/env";
import { isRecord } from "../../common/json";

/** What of a request may stand in the log, of those whose address does not say it; read before the request is. */
export async function detailOf(request: Request, path: string): Promise<string | null> {
  if (request.method === "DELETE" && /^\/api\/people\/\d+$/.test(path)) return "to erase a person"; // whose name is what was sent
  const named =
    told[
      path
        .replace(/\/api\/team\/(?!invitations)[^/]+$/, "/api/team/ID")
        .replace(/\/api\/(queues|labelled)\/\d+\/(roles|work)$/, "/api/datasets/ID/$2")
    ];
  if (named === undefined || request.method === "GET" || teamUrl() === null) return null;
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  if (!isRecord(body)) return null;
  const said = named.flatMap((field) =>
    body[field] === undefined ? [] : [`${field} ${written(body[field]).slice(0, mostLetters)}`],
  );
  return said.join(", ") || null;
}

const mostLetters = 100;

/** As JSON has it where it is no text. */
const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const told: Record<string, string[] | undefined> = {
  "/api/auth/sign-in/username": ["username"],
  "/api/auth/sign-in/email": ["email"],
  "/api/auth/passkey/verify-registration": ["name"],
  "/api/auth/passkey/update-passkey": ["name"],
  "/api/join": ["username"],
  "/api/team": ["role", "note", "email"],
  "/api/team/ID": ["role", "deactivated"],
  "/api/settings": ["retentionDays"],
  "/api/datasets/ID/roles": ["userId", "role", "restricted"],
  "/api/datasets/ID/work": ["annotatorId", "amount", "due"],
};

const fields = new Set(Object.values(told).flatMap((some) => some ?? []));
const fieldBegins = new RegExp(`(?:^|, )(${[...fields].join("|")}) `);

/** Its fields with their values, in order. */
export function fieldsIn(detail: string): [field: string, value: string][] {
  const [, ...parts] = detail.split(fieldBegins);
  return parts.flatMap((field, i) => (i % 2 === 0 ? [[field, parts[i + 1]!]] : []));
}

/** Whether a field has this value, as far as the log keeps it. */
export const says = (detail: string, field: string, value: string): boolean =>
  fieldsIn(detail).some(
    ([called, said]) => called === field && said.toLowerCase() === value.slice(0, mostLetters).toLowerCase(),
  );
