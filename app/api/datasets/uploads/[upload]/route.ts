import { z } from "zod";
import type { Body } from "@/lib/datasets/receive-file";
import { stageFile } from "@/lib/datasets/uploads/staged-files";
import { giveUp, uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

type Context = RouteContext<"/api/datasets/uploads/[upload]">;
const query = z.object({ file: z.string().min(1).max(1000) });

/** One file of those that are to be a dataset: the body is the file itself. */
export const POST = handle<Context>("write", async (request, { params }) => {
  const { upload } = await params;
  const { file } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  if (!request.body) throw new AppError(400, `${file} is empty: it has no rows.`);
  const declared = request.headers.get("content-length");
  await stageFile(upload, file, {
    bytes: request.body as Body["bytes"],
    declared: declared ? Number(declared) : null,
  });
  return Response.json(uploadStateOf(upload), { status: 201 });
});

export const GET = handle<Context>("write", async (_, { params }) =>
  Response.json(uploadStateOf((await params).upload)),
);

/** The files go, and what is being done with them ends. */
export const DELETE = handle<Context>("write", async (_, { params }) => {
  const { upload } = await params;
  giveUp(upload);
  return Response.json(uploadStateOf(upload));
});
