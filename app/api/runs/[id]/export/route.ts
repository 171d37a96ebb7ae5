import { Readable } from "node:stream";
import { operations } from "@/lib/api/operations";
import { handle } from "@/lib/http/handle";
import { takeAway } from "@/lib/runs/export-model";

/** The run's model as a file: its adapter in PEFT format, merged in Hugging Face layout, or GGUF. */
export const GET = handle(
  "read",
  operations.takeModel,
  async ({ query: { form, at, ...types } }, { params }: RouteContext<"/api/runs/[id]/export">) => {
    const { file, bytes } = await takeAway((await params).id, form, at, types);
    return new Response(Readable.toWeb(bytes) as ReadableStream, {
      headers: { "content-type": "application/octet-stream", "content-disposition": `attachment; filename="${file}"` },
    });
  },
);
