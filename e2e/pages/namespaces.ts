// Machines of their own, as far as a network tells: Linux network namespaces, each with one wire to this machine and a browser behind it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "@playwright/test";

export interface Machine {
  /** As the server sees it. */
  address: string;
  browser: Browser;
  close: () => Promise<void>;
}

const ip = (words: string) => void execFileSync("ip", words.split(" "));

/** Where this machine is for the first of them, and so for all. */
export const here = "10.77.1.1";

/** Machine number 1, 2, … Needs root, and Debian's iproute2. */
export async function machine(number: number, options: LaunchOptions): Promise<Machine> {
  const [name, wire, network] = [`workbench-${number}`, `workbench${number}`, `10.77.${number}`];
  ip(`netns add ${name}`);
  ip(`link add ${wire} type veth peer name eth0 netns ${name}`);
  ip(`address add ${network}.1/24 dev ${wire}`);
  ip(`link set ${wire} up`);
  ip(`-n ${name} address add ${network}.2/24 dev eth0`);
  for (const device of ["lo", "eth0"]) ip(`-n ${name} link set ${device} up`);
  ip(`-n ${name} route add default via ${network}.1`);
  const within = join(mkdtempSync(join(tmpdir(), "workbench-machine-")), "chromium");
  writeFileSync(within, `#!/bin/sh\nexec ip netns exec ${name} ${options.executablePath} "$@"\n`, { mode: 0o755 });
  const browser = await chromium.launch({ ...options, executablePath: within });
  return {
    address: `${network}.2`,
    browser,
    async close() {
      await browser.close();
      ip(`netns delete ${name}`);
    },
  };
}
