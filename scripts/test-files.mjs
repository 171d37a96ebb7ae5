// Where the unit and integration tests are: for vitest.config.ts, and for `npm run test:long`.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";

export const testFolders = ["app", "client", "common", "lib", "scripts", "spec", "test", "tools", "trainers"];

/** Test files of these folders, from the root. @param {string[]} folders */
export const testsOf = (folders) =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `${folder}/${name}`),
  );
