// The adapter of a run on a server, as files of a folder here.
import { createWriteStream, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { operations } from "../lib/api/operations";
import { bytesFrom } from "./ask";
import type { Server } from "./servers";

export async function fetchAdapter(server: Server, run: string, folder: string): Promise<void> {
  const archive = await bytesFrom(server, operations.takeModel, { params: { id: run }, query: { form: "adapter" } });
  mkdirSync(folder, { recursive: true });
  const files = extract();
  const unpacked = (async () => {
    for await (const file of files) {
      // the archive has one folder; what else a name says is not followed
      if (file.header.type === "file")
        await pipeline(file, createWriteStream(join(folder, basename(file.header.name))));
      else file.resume();
    }
  })();
  await Promise.all([pipeline(archive, files), unpacked]);
}
