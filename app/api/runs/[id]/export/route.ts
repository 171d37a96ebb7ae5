import { Readable } from "node:stream";
import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { forms, takeAway } from "@/lib/runs/export-model";
import { checkpointAt } from "@/lib/runs/push-schema";
import { folderTypeNames, ggufTypeNames, shardSize } from "@/spec/export-types";

const query = z.object({
  form: z.enum(forms).default("adapter"),
  at: checkpointAt.default("last"),
  type: z.enum(ggufTypeNames).default("F16"),
  dtype: z.enum(folderTypeNames).default("float32"),
  maxShardSize: shardSize.optional(),
});

/** The run's model as a file: its adapter in PEFT format, merged in Hugging Face layout, or GGUF. */
export const GET = handle(
  "read",
  { query, answer: ["application/octet-stream"] },
  async ({ query: { form, at, ...types } }, { params }: RouteContext<"/api/runs/[id]/export">) => {
    const { file, bytes } = await takeAway((await params).id, form, at, types);
    return new Response(Readable.toWeb(bytes) as ReadableStream, {
      headers: { "content-type": "application/octet-stream", "content-disposition": `attachment; filename="${file}"` },
    });
  },
);
