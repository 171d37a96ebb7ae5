// Addresses of programs that answer over HTTP.

/** Such an address, with no name and password in it, which `fetch` refuses. */
export function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "";
}

/** Without its query, which may hold a key. */
export function shownAddress(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/** What is expected, in an error. */
export const httpAddress = "http:// or https:// address without a password";
