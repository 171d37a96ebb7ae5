import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("F18: databases and their folder belong to the owner alone, also those that an older version left open to all", () => {
  const data = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "local");
  const open = `import("./lib/db/client.ts").then(({ appDb, metricsDb }) => { appDb().run("CREATE TABLE IF NOT EXISTS t (x)"); metricsDb().run("CREATE TABLE IF NOT EXISTS t (x)"); })`;
  const run = () =>
    execFileSync("sh", ["-c", `umask 022; exec "$0" --import tsx -e '${open}'`, process.execPath], {
      env: { ...process.env, WORKBENCH_DATA: data },
    });
  run();
  const check = () => {
    expect(modeOf(data)).toBe("700");
    const files = readdirSync(data).filter((name) => name.includes(".db"));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(modeOf(join(data, file)), file).toBe("600");
  };
  check();
  chmodSync(data, 0o755);
  for (const file of readdirSync(data)) chmodSync(join(data, file), 0o644);
  run();
  check();
});
