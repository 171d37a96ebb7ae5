// The adapter in PEFT format as one .tar.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { AppError } from "@/lib/errors";
import { handle } from "@/lib/http";
import { adapterFolder, runDetail } from "@/lib/runs/queries";

export const GET = handle<RouteContext<"/api/runs/[id]/adapter">>(async (_, { params }) => {
  const run = runDetail((await params).id);
  const folder = adapterFolder(run.id);
  if (!folder) throw new AppError(404, "This run has saved no adapter yet.");
  const tar = pack();
  for (const name of ["adapter_config.json", "adapter_model.safetensors"])
    tar.entry({ name: `${run.id}/${name}` }, await readFile(/* turbopackIgnore: true */ join(folder, name)));
  tar.finalize();
  const file = `${run.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-adapter.tar`;
  return new Response(Readable.toWeb(Readable.from(tar)) as ReadableStream, {
    headers: { "content-type": "application/x-tar", "content-disposition": `attachment; filename="${file}"` },
  });
});
