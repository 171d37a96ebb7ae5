// What the environment says, read in one place (docs/setup.md lists it). A variable that is set but empty counts as not set.
import { homedir } from "node:os";
import { delimiter, join, resolve, sep } from "node:path";
import { isThisMachine } from "./this-machine";

/** Databases, checkpoints, snapshots. */
export const dataFolder = () =>
  resolve(/* turbopackIgnore: true */ process.env.WORKBENCH_DATA || join("data", "local"));
export const runsFolder = () => join(dataFolder(), "runs");
export const runFolder = (id: string) => join(runsFolder(), id);
/** Whose folder a path is or lies in; null outside of them. */
export const runOfPath = (path: string): string | null =>
  path.startsWith(runsFolder() + sep) ? (path.slice(runsFolder().length + 1).split(sep)[0] ?? null) : null;
export const snapshotFile = (sha256: string) => join(dataFolder(), "snapshots", `${sha256}.jsonl`);

/** Folders, beside the workbench's own, whose files a request may name. */
export const allowedFolders = (): string[] =>
  (process.env.WORKBENCH_FOLDERS ?? "").split(delimiter).filter((folder) => folder.trim() !== "");
/** Models and what benchmarks need, shared by every clone on this machine. */
export const cacheFolder = () =>
  join(/* turbopackIgnore: true */ process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "alignment-workbench");
/** What belongs to somebody rather than to a clone: the server that they have logged in to. */
export const configFolder = () =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "alignment-workbench");
/** The Hugging Face Hub, or a server that speaks as it does; and a token for it. */
export const hubEndpoint = () => process.env.HF_ENDPOINT || "https://huggingface.co";
export const hubToken = () => process.env.HF_TOKEN || undefined;

/** Where the Hub's own programs keep what they have fetched. */
export const hubCache = (): string => {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  return HF_HUB_CACHE || join(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface"), "hub");
};

/** Where a team reaches the workbench; null on one's own machine. Throws a sentence where it is no address. */
export function teamUrl(): URL | null {
  const given = process.env.WORKBENCH_URL;
  if (!given) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !isOpen(url))
    throw new Error(
      `WORKBENCH_URL is ${given}; give the address that people open, without a path: https://labels.example.org`,
    );
  return url;
}

/** By https, or in tests on this machine; the workbench has the whole of a host. */
function isOpen({ protocol, hostname, pathname, search }: URL): boolean {
  return (
    pathname === "/" && search === "" && (protocol === "https:" || (protocol === "http:" && isThisMachine(hostname)))
  );
}

export interface SingleSignOn {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button. */
  name: string;
}

/** The OpenID Connect provider that a team signs in with; null where there is none. Throws a sentence where its settings are not whole. */
export function singleSignOn(): SingleSignOn | null {
  const { WORKBENCH_OIDC_ISSUER: issuer, WORKBENCH_OIDC_CLIENT_ID: clientId } = process.env;
  const { WORKBENCH_OIDC_CLIENT_SECRET: clientSecret, WORKBENCH_OIDC_NAME: name } = process.env;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret)
    throw new Error(
      "WORKBENCH_OIDC_ISSUER, WORKBENCH_OIDC_CLIENT_ID and WORKBENCH_OIDC_CLIENT_SECRET belong together; set all three, or none",
    );
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && isThisMachine(url.hostname))))
    throw new Error(`WORKBENCH_OIDC_ISSUER is ${issuer}; give the provider's address: https://login.example.org`);
  return { issuer, clientId, clientSecret, name: name || url.host };
}

export interface MailServer {
  host: string;
  port: number;
  /** Whether it speaks TLS from the first byte on; else it is asked for by STARTTLS. */
  secure: boolean;
  /** Null where it asks for none. */
  login: { user: string; pass: string } | null;
  /** By whom its mails are. */
  from: string;
}

/** By which a team's workbench sends mail; null where there is none. Throws a sentence where its settings are not whole, which has nothing of the password. */
export function mailServer(): MailServer | null {
  const { WORKBENCH_SMTP: given, WORKBENCH_MAIL_FROM: from } = process.env;
  if (!given && !from) return null;
  if (!given || !from) throw new Error("WORKBENCH_SMTP and WORKBENCH_MAIL_FROM belong together; set both, or none");
  if (!/^([^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(from))
    throw new Error(
      `WORKBENCH_MAIL_FROM is ${from}; give an address: workbench@example.org, or Workbench <workbench@example.org>`,
    );
  const server = serverAt(given);
  if (server === null)
    throw new Error(
      "WORKBENCH_SMTP is no address of a mail server; give one like smtps://user:password@mail.example.org:465, in whose password %, /, : and @ are %25, %2F, %3A and %40",
    );
  return { ...server, from };
}

function serverAt(given: string): Omit<MailServer, "from"> | null {
  if (!/^smtps?:\/\/[^/]/.test(given) || !URL.canParse(given)) return null;
  const { protocol, hostname, port, username, password } = new URL(given);
  const secure = protocol === "smtps:";
  try {
    const login = username === "" ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (secure ? 465 : 587), secure, login };
  } catch {
    return null; // a % that begins no character
  }
}

/** An address that is told of alerts and of the ends of runs. */
export const webhook = () => process.env.WORKBENCH_WEBHOOK;
/** Where a second copy of the databases is kept: a folder, or s3://bucket/path. */
export const replica = () => process.env.WORKBENCH_REPLICA || undefined;
export const logFolder = () => join(dataFolder(), "logs");
/** From which level on the web process and the runner log. */
export const logLevel = () => process.env.LOG_LEVEL || (debugging() ? "debug" : "info");
/** Whether the command line and the terminal show the stack of an error beside its sentence. */
export const debugging = () => Boolean(process.env.DEBUG);
/** What `workbench serve` asks of whoever asks it. */
export const serverKey = () => process.env.WORKBENCH_SERVER_KEY || undefined;
/** The key of a server, in a variable that a setting names. Throws where it is not set. */
export function keyIn(variable: string): string {
  const key = process.env[variable];
  if (key) return key;
  throw new Error(`the key is taken from ${variable}, which is not set: set it where the workbench is started`);
}
/** A Python that has TRL; without one the engine `trl` installs it. */
export const trlPython = () => process.env.WORKBENCH_TRL_PYTHON || undefined;
/** The same of GPTQModel, for `workbench pack`. */
export const gptqmodelPython = () => process.env.WORKBENCH_GPTQMODEL_PYTHON || undefined;
/** Of the GPUs that programs may use the first so many, as CUDA counts them. */
export const firstGpus = (count: number): string =>
  (process.env.CUDA_VISIBLE_DEVICES?.split(",") ?? [...Array(count).keys()]).slice(0, count).join(",");
/** How many threads an op may take, TensorFlow's or our own (native/pool.cc). */
export const mostOpThreads = () => Number(process.env.TF_NUM_INTRAOP_THREADS) || Number.POSITIVE_INFINITY;
/** "off": trainers do without the project's own TensorFlow ops. */
export const nativeSetting = () => process.env.WORKBENCH_NATIVE;

/** What a library below reads for itself, where nobody has set it. */
export function setUnlessSet(name: string, value: string): void {
  if (!process.env[name]) process.env[name] = value;
}
