import { previewFiles } from "@/lib/datasets/uploads/preview-files";
import { stagedSource } from "@/lib/datasets/uploads/staged-files";
import { previewInput, uploadPreview } from "@/lib/datasets/uploads/uploads-schema";
import { handle } from "@/lib/http/handle";

/** How the files would be read. */
export const POST = handle(
  "write",
  { body: previewInput, answer: uploadPreview },
  async ({ body }, { params }: RouteContext<"/api/datasets/uploads/[upload]/preview">) => {
    const { files } = stagedSource((await params).upload);
    return previewFiles(files, body);
  },
);
