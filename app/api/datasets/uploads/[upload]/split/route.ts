import { chooseSplit } from "@/lib/datasets/uploads/staged-files";
import { uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { splitChoice } from "@/lib/datasets/uploads/uploads-schema";
import { body, handle } from "@/lib/http/handle";

/** Which of the splits that a dataset card among the files names is imported. */
export const PATCH = handle<RouteContext<"/api/datasets/uploads/[upload]/split">>(
  "write",
  async (request, { params }) => {
    const { upload } = await params;
    chooseSplit(upload, await body(request, splitChoice));
    return Response.json(uploadStateOf(upload));
  },
);
