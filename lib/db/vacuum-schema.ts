import { z } from "zod";
import { databaseNames } from "./versions";

/** What was made of a database file. */
export const vacuumed = z.object({
  database: z.enum(databaseNames),
  /** Bytes of the file. */
  before: z.number(),
  after: z.number(),
  /** Whether nothing is left in its write-ahead log either; not while another program reads from it. */
  logIsEmpty: z.boolean(),
});
export type Vacuumed = z.infer<typeof vacuumed>;
