import { z } from "zod";
import { importAllowedFolder } from "@/lib/exchange/import-allowed-folder";
import { body, handle } from "@/lib/http/handle";

const asked = z.strictObject({ folder: z.string().trim().min(1, "Name the folder.").max(4096) });

export const POST = handle("write", async (request) => {
  const { folder } = await body(request, asked);
  return Response.json(await importAllowedFolder(folder), { status: 201 });
});
