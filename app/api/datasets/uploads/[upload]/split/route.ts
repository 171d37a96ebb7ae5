import { operations } from "@/lib/api/operations";
import { chooseSplit } from "@/lib/datasets/uploads/staged-files";
import { uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { handle } from "@/lib/http/handle";

/** Which of the splits that a dataset card among the files names is imported. */
export const PATCH = handle(
  "write",
  operations.chooseSplit,
  async ({ body }, { params }: RouteContext<"/api/datasets/uploads/[upload]/split">) => {
    const { upload } = await params;
    chooseSplit(upload, body);
    return uploadStateOf(upload);
  },
);
