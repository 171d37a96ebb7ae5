// A workbench that serves a team behind Caddy with TLS, as docs/team.md sets it up.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, ownersLink, type Started, serving, start } from "./server";

export interface Team {
  url: string;
  /** Its data folder. */
  data: string;
  /** The link that the first start prints. */
  owner: string;
  product: Started;
  close: () => void;
}

/** Certificates of its own, and no port but one: this machine has no name that others know. */
const global = `{
	admin off
	local_certs
	skip_install_trust
	auto_https disable_redirects
}
`;

/** `settings`: of the environment, made from the address at which it will be served; `host`: by which browsers reach this machine. */
export async function behindCaddy(
  port: number,
  settings: (url: string) => Promise<Record<string, string>> = async () => ({}),
  host = "localhost",
): Promise<Team> {
  const data = mkdtempSync(join(tmpdir(), "workbench-team-"));
  const url = `https://${host}:${await freePort()}`;
  const [, site] = /```caddyfile\n([\s\S]+?)```/.exec(readFileSync("docs/team.md", "utf8"))!;
  const caddyfile = join(data, "Caddyfile");
  writeFileSync(
    caddyfile,
    global + site!.replace("labels.example.org", url).replace("127.0.0.1:3000", `127.0.0.1:${port}`),
  );
  const caddy = spawn("caddy", ["run", "--config", caddyfile, "--adapter", "caddyfile"], {
    env: { ...process.env, XDG_DATA_HOME: data, XDG_CONFIG_HOME: data },
    stdio: "ignore",
  });
  const product = start(data, port, { ...(await settings(url)), WORKBENCH_URL: url });
  await serving(product, url);
  const owner = await ownersLink(product);
  return {
    ...{ url, data, owner, product },
    close() {
      product.child.kill("SIGTERM");
      caddy.kill("SIGTERM");
    },
  };
}
