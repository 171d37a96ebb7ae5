// Who is annotating a dataset now, as pages and scripts read it.
import { z } from "zod";

const presentPerson = z.object({
  annotatorId: z.number(),
  name: z.string(),
  /** When they last asked for records or annotated one, in milliseconds. */
  at: z.number(),
});
export type PresentPerson = z.infer<typeof presentPerson>;
export const presentPeople = z.array(presentPerson).meta({ id: "PresentPeople" });
