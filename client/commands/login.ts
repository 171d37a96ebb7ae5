import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";
import { isThisMachine } from "../../common/this-machine";
import { operations } from "../../lib/api/operations";
import { ask } from "../ask";
import { forget, remember } from "../servers";

/** Any of them: without a path, by https unless it is this machine. */
function addressOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Refusal(`${given} is no address; give the one that the browser opens: https://labels.example.org`);
  if (url.protocol === "http:" && !isThisMachine(url.hostname))
    throw new Refusal(`a token is not sent in the clear; give ${url.host} by https`);
  return url.origin;
}

export const login = new Command("login")
  .description("log in to a workbench on another machine, for commands with --remote")
  .argument("<url>", "its address; the token, made on its account page, is asked for, or read from standard input")
  .action(async (given: string) => {
    const url = addressOf(given);
    const token = (await needsToken(url)) ? await tokenOf(url) : null;
    const name = await ask({ url, token }, operations.me, {});
    remember({ url, token });
    print({ server: url, name: name?.name ?? null });
  });

export const logout = new Command("logout").description("forget the server and its token").action(() => {
  forget();
  say("logged out; end the token on the account page where nothing else uses it");
});

/** A workbench on one's own machine has no accounts. */
async function needsToken(url: string): Promise<boolean> {
  try {
    await ask({ url, token: null }, operations.me, {});
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

async function tokenOf(url: string): Promise<string> {
  const token = process.stdin.isTTY ? await typedToken(url) : await text(process.stdin);
  if (token.trim() === "") throw new Refusal(`no token was given; make one on ${url}/account`);
  return token.trim();
}

async function typedToken(url: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Token, from ${url}/account: `);
  } finally {
    terminal.close();
  }
}
