// What a request says of the file that it carries.
import "server-only";
import { userInfo } from "node:os";
import type { ReadableStream } from "node:stream/web";
import type { z } from "zod";
import { AppError } from "../../../spec/errors";
import { columnsOf } from "../../annotation/queues/import-columns";
import { currentAnnotator } from "../../people/current-annotator";
import type { Provenance } from "../add/provenance";
import type { importQuery } from "./import-schema";
import type { Upload } from "./import-upload";

/** As provenance has whoever sends it. */
export const sender = async (): Promise<Provenance["by"]> => (await currentAnnotator())?.id ?? userInfo().username;

/** The body is the file itself: one request, one file. */
export function uploadOf(request: Request, { prompt, first, second, ...how }: z.output<typeof importQuery>): Upload {
  if (!request.body) throw new AppError(400, "The file is empty: it has no rows.");
  const declared = request.headers.get("content-length");
  return {
    ...how,
    columns: columnsOf({ prompt, first, second }),
    bytes: request.body as ReadableStream,
    declared: declared === null ? null : Number(declared),
  };
}
