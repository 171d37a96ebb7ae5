// The workbench on another machine that the command line works against, as `workbench login` leaves it.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Refusal } from "../common/command-line";
import { configFolder } from "../common/env";

const server = z.strictObject({
  /** Its address, without a path. */
  url: z.url(),
  /** Null where it asks for none: it has no accounts. */
  token: z.string().nullable(),
});
export type Server = z.infer<typeof server>;

const file = () => join(configFolder(), "server.json");

/** Only its owner may read the file: whoever has the token acts in their name. */
export function remember(one: Server): void {
  mkdirSync(dirname(file()), { recursive: true, mode: 0o700 });
  writeFileSync(file(), JSON.stringify(one), { mode: 0o600 });
  chmodSync(file(), 0o600); // also of a file that was there before
}

export const forget = (): void => rmSync(file(), { force: true });

/** Refuses where nobody has logged in. */
export function rememberedServer(): Server {
  if (!existsSync(file())) throw new Refusal("--remote needs a server: log in first with workbench login URL");
  try {
    return server.parse(JSON.parse(readFileSync(file(), "utf8")));
  } catch (error) {
    throw new Refusal(`${file()} cannot be read; log in again with workbench login URL`, { cause: error });
  }
}
