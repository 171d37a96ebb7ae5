import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { cacheFolder, dataFolder, logLevel, mailServer, singleSignOn } from "./env";

afterEach(() => void vi.unstubAllEnvs());

const sources = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "app", "lib", "trainers", "spec", "common"],
  {
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((path) => /\.tsx?$/.test(path) && existsSync(path));

test("B15: settings are read from the environment in common/env.ts alone", () => {
  const product = sources.filter((path) => !path.endsWith(".test.ts") && path !== "common/env.ts");
  const reads = product.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/process\.env\.\w+(?!\w| = )/g)].map(([read]) => `${path}: ${read}`),
  );
  expect(reads).toEqual([]);
});

test("B15: every setting that common/env.ts reads is explained in docs/setup.md", () => {
  const explained = readFileSync(join("docs", "setup.md"), "utf8");
  for (const [, name] of readFileSync(join("common", "env.ts"), "utf8").matchAll(/process\.env\.(\w+)/g))
    expect(explained).toContain(`\`${name}\``);
});

test("B15: a comment that names a test file names one that exists", () => {
  const named = sources.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\/\/.*?([\w-]+\.(?:test|spec)\.tsx?)/g)].map(([, file]) => ({
      path,
      file: file!,
    })),
  );
  const all = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  }).split("\n");
  expect(named.filter(({ file }) => !all.some((path) => path.endsWith(`/${file}`)))).toEqual([]);
});

test("A variable that is set but empty counts as not set, in the set-up too", async () => {
  for (const name of ["WORKBENCH_DATA", "XDG_CACHE_HOME", "LOG_LEVEL", "DEBUG"]) vi.stubEnv(name, "");
  expect([dataFolder(), cacheFolder(), logLevel()]).toEqual([
    resolve("data", "local"),
    join(homedir(), ".cache", "alignment-workbench"),
    "info",
  ]);
  const setup = await import("../scripts/setup/paths.mjs");
  expect([setup.local, setup.cache]).toEqual([resolve("data", "local"), cacheFolder()]);
});

test("single sign-on is set as a whole or not at all, with a provider elsewhere by https", () => {
  const set = (issuer: string, id: string, secret: string) => {
    vi.stubEnv("WORKBENCH_OIDC_ISSUER", issuer);
    vi.stubEnv("WORKBENCH_OIDC_CLIENT_ID", id);
    vi.stubEnv("WORKBENCH_OIDC_CLIENT_SECRET", secret);
    return singleSignOn();
  };
  expect(set("", "", "")).toBeNull();
  expect(set("https://login.example.org/realm", "a", "b")).toEqual({
    issuer: "https://login.example.org/realm",
    clientId: "a",
    clientSecret: "b",
    name: "login.example.org",
  });
  expect(() => set("https://login.example.org", "a", "")).toThrow(/belong together/);
  for (const issuer of ["http://login.example.org", "login.example.org"])
    expect(() => set(issuer, "a", "b")).toThrow(/the provider's address/);
});

test("a mail server is set with who its mails are from, or not at all; what is wrong is told without the password", () => {
  const set = (address: string, from = "Workbench <w@example.org>") => {
    vi.stubEnv("WORKBENCH_SMTP", address);
    vi.stubEnv("WORKBENCH_MAIL_FROM", from);
    return mailServer();
  };
  const from = "Workbench <w@example.org>";
  expect(set("", "")).toBeNull();
  expect(set("smtps://a%40b:p%2Fw%3A@mail.example.org")).toEqual({
    ...{ host: "mail.example.org", port: 465, secure: true, login: { user: "a@b", pass: "p/w:" }, from },
  });
  expect(set("smtp://[::1]:2525")).toEqual({ host: "::1", port: 2525, secure: false, login: null, from });
  expect(set("smtp://mail.example.org")).toMatchObject({ port: 587 });
  for (const address of [
    "smtp://w:geheim",
    "https://w:geheim@x",
    "smtp://w:geheim%@x",
    "smtp:///w:geheim",
    "w:geheim@x",
  ])
    expect(() => set(address)).toThrow(/^WORKBENCH_SMTP is no address(?!.*geheim)/);
  expect(() => set("smtp://w:geheim@x", "")).toThrow(/belong together(?!.*geheim)/);
  for (const sender of ["w", "a@b\r\nBcc: c@d", "<a@b"])
    expect(() => set("smtp://x", sender)).toThrow(/WORKBENCH_MAIL_FROM/);
});
