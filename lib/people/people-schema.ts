import { z } from "zod";
import { name } from "../../spec/names";

export const enterInput = z.strictObject({
  name: name("Choose a name.", 40),
});

export const annotatorDto = z.object({ id: z.number(), name: z.string() });
export type AnnotatorDto = z.infer<typeof annotatorDto>;
