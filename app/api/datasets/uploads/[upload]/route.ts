import { operations } from "@/lib/api/operations";
import type { Body } from "@/lib/datasets/receive-file";
import { stageFile } from "@/lib/datasets/uploads/staged-files";
import { giveUp, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { uploadState } from "@/lib/datasets/uploads/uploads-schema";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

type Context = RouteContext<"/api/datasets/uploads/[upload]">;

/** One file of those that are to be a dataset: the body is the file itself. */
export const POST = handle("write", operations.sendFile, async ({ request, query: { file } }, { params }: Context) => {
  const { upload } = await params;
  if (!request.body) throw new AppError(400, `${file} is empty: it has no rows.`);
  const declared = request.headers.get("content-length");
  await stageFile(upload, file, {
    bytes: request.body as Body["bytes"],
    declared: declared ? Number(declared) : null,
  });
  return uploadStateOf(upload);
});

/** What was sent, and how far its import is. */
export const GET = handle("write", operations.upload, async (_, { params }: Context) =>
  uploadStateOf((await params).upload),
);

/** The files go, and what is being done with them ends. */
export const DELETE = handle("write", { answer: uploadState }, async (_, { params }: Context) => {
  const { upload } = await params;
  giveUp(upload);
  return uploadStateOf(upload);
});
