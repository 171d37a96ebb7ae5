// Everything that is stored about somebody, as they get it.
import { z } from "zod";

/** By column, as the database has it. */
const row = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

export const personExport = z
  .object({
    exportedAt: z.iso.datetime(),
    name: z.string(),
    about: z.string(),
    /** Rows by table: those that refer to the person. */
    tables: z.record(z.string(), z.array(row)),
  })
  .meta({ id: "PersonExport" });
export type PersonExport = z.infer<typeof personExport>;
