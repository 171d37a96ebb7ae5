import { previewFiles } from "@/lib/datasets/uploads/preview-files";
import { stagedSource } from "@/lib/datasets/uploads/staged-files";
import { previewInput } from "@/lib/datasets/uploads/uploads-schema";
import { body, handle } from "@/lib/http/handle";

/** How the files would be read. */
export const POST = handle<RouteContext<"/api/datasets/uploads/[upload]/preview">>(
  "write",
  async (request, { params }) => {
    const { files } = stagedSource((await params).upload);
    return Response.json(await previewFiles(files, await body(request, previewInput)));
  },
);
