// Assigned work, as pages and scripts send it.
import { z } from "zod";

/** How far somebody is with what they were given. */
export const workProgress = z
  .object({
    /** Without the records that were left out since, or that others have completed. */
    assigned: z.number(),
    done: z.number(),
    left: z.number(),
    /** How many of them were done today. */
    today: z.number(),
    /** The last day for them, YYYY-MM-DD, in the server's time zone. */
    due: z.string().nullable(),
    /** The pace that they need from now on, today's included in that of a day; null where they have no last day, or nothing is left. */
    needed: z.object({ records: z.number(), per: z.enum(["day", "hour"]) }).nullable(),
    /** `soon`: today or tomorrow is the last day. */
    state: z.enum(["open", "soon", "late", "done"]),
  })
  .meta({ id: "WorkProgress" });
export type WorkProgress = z.infer<typeof workProgress>;

const person = z.object({ annotatorId: z.number(), name: z.string() });

export const assignedWork = z
  .object({
    people: z.array(workProgress.extend(person.shape)),
    /** Who else may annotate the dataset. */
    others: z.array(person),
  })
  .meta({ id: "AssignedWork" });
export type AssignedWork = z.infer<typeof assignedWork>;

const noNumber = "Enter a whole number of records, 1 or more.";
const noShare = "Enter a share from 1 to 100 %.";

/** What somebody is to have in all, in the place of what they were given before: a number of records, or a share of the dataset's. */
export const workInput = z.strictObject({
  annotatorId: z.int(),
  amount: z.union([
    z.strictObject({ records: z.int({ error: noNumber }).min(1, noNumber).max(1_000_000, noNumber) }),
    z.strictObject({ percent: z.number({ error: noShare }).gt(0, noShare).max(100, noShare) }),
  ]),
  due: z.iso.date({ error: "Choose a day." }).nullable().default(null),
});
export type WorkInput = z.infer<typeof workInput>;
