import { z } from "zod";
import { importAllowedFolder } from "@/lib/exchange/import-allowed-folder";
import { handle } from "@/lib/http/handle";

const body = z.strictObject({ folder: z.string().trim().min(1, "Name the folder.").max(4096) });

export const POST = handle(async (request) => {
  const { folder } = body.parse(await request.json());
  return Response.json(await importAllowedFolder(folder), { status: 201 });
});
