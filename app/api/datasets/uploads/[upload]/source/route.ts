import { stagePath } from "@/lib/datasets/uploads/staged-files";
import { startFetching, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { uploadSource } from "@/lib/datasets/uploads/uploads-schema";
import { body, handle } from "@/lib/http/handle";
import { requireAllowedPath } from "@/lib/runs/allowed";

/** A path on this machine, or a dataset of the Hub, which is fetched first. */
export const POST = handle<RouteContext<"/api/datasets/uploads/[upload]/source">>(
  "write",
  async (request, { params }) => {
    const { upload } = await params;
    const source = await body(request, uploadSource);
    if ("path" in source) stagePath(upload, requireAllowedPath("path", source.path));
    else startFetching(upload, source.hub);
    return Response.json(uploadStateOf(upload), { status: 201 });
  },
);
