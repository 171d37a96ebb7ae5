import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { versionFile } from "@/lib/datasets/labelled/versions/version-file";
import { newestVersion } from "@/lib/datasets/labelled/versions/versions";
import { fileName } from "@/lib/file-name";
import { handle } from "@/lib/http/handle";

/** Its rows as its newest version has them. */
export const GET = handle(
  "read",
  { answer: ["application/x-ndjson"] },
  async (_, { params }: { params: Promise<{ id: string }> }) => {
    const set = labelledOf((await params).id);
    const { name } = set;
    const file = await versionFile(set, newestVersion(set).number);
    return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName(name)}.jsonl"`,
      },
    });
  },
);
