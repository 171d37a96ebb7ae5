import { sender } from "@/lib/datasets/imports/upload";
import { startImport, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { uploadImport } from "@/lib/datasets/uploads/uploads-schema";
import { body, handle } from "@/lib/http/handle";

/** Starts the import; the upload's own address says how far it is and what came of it. */
export const POST = handle<RouteContext<"/api/datasets/uploads/[upload]/import">>(
  "write",
  async (request, { params }) => {
    const { upload } = await params;
    const input = await body(request, uploadImport);
    startImport(upload, input, await sender(), Date.now());
    return Response.json(uploadStateOf(upload), { status: 202 });
  },
);
