import { z } from "zod";
import { importAllowedFolder } from "@/lib/exchange/import-allowed-folder";
import { importedFolder } from "@/lib/exchange/imported";
import { handle } from "@/lib/http/handle";

const asked = z.strictObject({ folder: z.string().trim().min(1, "Name the folder.").max(4096) });

/** The output folder of a run on the server's machine, as a run of the list. */
export const POST = handle("write", { body: asked, answer: importedFolder, status: 201 }, ({ body: { folder } }) =>
  importAllowedFolder(folder),
);
