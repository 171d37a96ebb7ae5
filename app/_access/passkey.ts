// What a browser does with passkeys. They are asked to know who uses them, a finger, a face or a PIN: the server takes no others.
import { startAuthentication, startRegistration, WebAuthnError } from "@simplewebauthn/browser";
import { here } from "../_messages/translate";
import { askAuth } from "./ask-auth";

/** What the server answers to a passkey that the browser makes; null where it does not answer. Throws where the browser makes none. */
export async function makePasskey(user: string, name: string): Promise<Response | null> {
  const asked = await options("generate-register-options", { name: user });
  if (!asked?.ok) return asked;
  const response = await startRegistration({ optionsJSON: await asked.json() });
  return askAuth("passkey/verify-registration", { name, response });
}

/** What the server answers to one that the browser has; null where it does not answer. Throws where nobody chose one. */
export async function signInByPasskey(): Promise<Response | null> {
  const asked = await options("generate-authenticate-options", {});
  if (!asked?.ok) return asked;
  const given = (await asked.json()) as Parameters<typeof startAuthentication>[0]["optionsJSON"];
  const response = await startAuthentication({ optionsJSON: { ...given, userVerification: "required" } });
  return askAuth("passkey/verify-authentication", { response });
}

const options = (path: string, query: Record<string, string>): Promise<Response | null> =>
  fetch(`/api/auth/passkey/${path}?${new URLSearchParams(query)}`, { cache: "no-store" }).catch(() => null);

/** What a browser says where it did not come to anything. */
export function whyNot(error: unknown): string {
  const t = here();
  if (error instanceof WebAuthnError && error.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED")
    return t("error.passkeyKnown");
  if (error instanceof Error && error.name === "NotAllowedError") return t("error.passkeyNone");
  return t("error.passkeyFailed", { why: error instanceof Error ? error.message : String(error) });
}
