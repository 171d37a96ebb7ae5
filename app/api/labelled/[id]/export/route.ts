import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { labelledOf, labelledPath } from "@/lib/datasets/labelled/labelled-sets";
import { fileName } from "@/lib/file-name";
import { handle } from "@/lib/http/handle";

/** Its rows as they were imported. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (_, { params }) => {
  const { id, name } = labelledOf((await params).id);
  return new Response(Readable.toWeb(createReadStream(labelledPath(id))) as ReadableStream, {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName(name)}.jsonl"`,
    },
  });
});
