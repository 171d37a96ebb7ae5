import { operations } from "@/lib/api/operations";
import { stagePath } from "@/lib/datasets/uploads/staged-files";
import { startFetching, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { handle } from "@/lib/http/handle";
import { requireAllowedPath } from "@/lib/runs/allowed";

/** A path on this machine, or a dataset of the Hub, which is fetched first. */
export const POST = handle(
  "write",
  operations.nameSource,
  async ({ body: source }, { params }: RouteContext<"/api/datasets/uploads/[upload]/source">) => {
    const { upload } = await params;
    if ("path" in source) stagePath(upload, requireAllowedPath("path", source.path));
    else startFetching(upload, source.hub);
    return uploadStateOf(upload);
  },
);
