// What vitest does first: the project's own ops and programs as their sources are now, for `npx vitest run FILE` comes without the set-up of `npm test`;
// and a folder for all temporary files of the tests, which is gone after them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeOps } from "./setup/native-ops.mjs";
import { helpers, programs } from "./setup/programs.mjs";

export default async () => {
  await nativeOps((text) => process.stderr.write(`${text}\n`));
  await programs();
  await programs(helpers);
  const folder = mkdtempSync(join(tmpdir(), "workbench-tests-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};
