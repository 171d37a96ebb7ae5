// Who may have this server ask another, and send it a key. Unmarked, so that the command line reads it in plain Node, where everything is permitted.
import { AppError } from "../../spec/errors";
import { may, type Permission } from "../../spec/roles";
import { askedNow } from "./asked";

/** An address may be one that only this machine reaches: a role on a single dataset is not enough. `field` is where the request names it. */
export function requireAsker(field: string): void {
  refuseUnless(
    "write",
    field,
    "only owners and researchers may name an address that this server asks: ask one of them",
  );
}

/** A variable's value is sent to the address beside it: whoever names both could have any secret of the server's sent anywhere. */
export function requireKeyOwner(field: string): void {
  refuseUnless(
    "administer",
    field,
    "only an owner may say which key of this server is sent where: ask one, or name no key",
  );
}

function refuseUnless(permission: Permission, field: string, message: string): void {
  const asked = askedNow();
  if (asked === null || may(asked.user?.role ?? null, permission, asked.user?.scopes)) return;
  throw new AppError(403, `${field}: ${message}`, { problems: [{ path: field, message }] });
}
