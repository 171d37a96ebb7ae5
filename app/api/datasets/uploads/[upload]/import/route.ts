import { operations } from "@/lib/api/operations";
import { sender } from "@/lib/datasets/imports/upload";
import { startImport, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { handle } from "@/lib/http/handle";

/** Starts the import; the upload's own address says how far it is and what came of it. */
export const POST = handle(
  "write",
  operations.importUpload,
  async ({ body: input }, { params }: RouteContext<"/api/datasets/uploads/[upload]/import">) => {
    const { upload } = await params;
    startImport(upload, input, await sender(), Date.now());
    return uploadStateOf(upload);
  },
);
