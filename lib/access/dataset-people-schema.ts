// Whom a dataset is for, as its settings page has it.
import { z } from "zod";
import { roles } from "../../spec/roles";

const person = z.object({ userId: z.string(), name: z.string(), role: z.enum(roles) });

export const datasetPeople = z
  .object({
    /** Whether it is there only for those who were given a role on it. */
    restricted: z.boolean(),
    /** Who was given one. */
    people: z.array(person),
    /** Everybody else, with the role that they have in the workbench. */
    others: z.array(person),
  })
  .meta({ id: "DatasetPeople" });
export type DatasetPeople = z.infer<typeof datasetPeople>;

/** Null takes somebody's role on the dataset away. */
export const datasetPeopleChange = z.union([
  z.strictObject({ restricted: z.boolean() }),
  z.strictObject({ userId: z.string().max(100), role: z.enum(roles).nullable() }),
]);
export type DatasetPeopleChange = z.infer<typeof datasetPeopleChange>;
