// An option of commands that listen.
import { InvalidArgumentError } from "commander";
import { once } from "../../common/command-line";

export function port(text: string, previous: number | undefined): number {
  once(text, previous?.toString());
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new InvalidArgumentError("It must be a port, from 0 to 65535.");
  return Number(text);
}
