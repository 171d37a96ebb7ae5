// Of test files that share a process (vitest.config.ts): what one of them has set is as it was before the next begins.
import { afterAll, vi } from "vitest";
import { forgetCookies } from "./cookies";

const environment = { ...process.env };
const folder = process.cwd();
const ours = globalThis as Record<string, unknown>;
const globals = new Set(Object.keys(globalThis));

/** Also before a file: a timer of the one before may have opened them once more. */
function closeDatabases(): void {
  for (const name of ["workbenchApp", "workbenchMetrics"]) {
    (ours[name] as { $client: { close(): void } } | undefined)?.$client.close();
    delete ours[name];
  }
}

closeDatabases();
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  if (process.cwd() !== folder) process.chdir(folder);
  forgetCookies();
  closeDatabases();
  // Ours alone: libraries begin theirs with an underscore, and go on with them.
  for (const name of Object.keys(ours)) if (!globals.has(name) && !name.startsWith("_")) delete ours[name];
});
