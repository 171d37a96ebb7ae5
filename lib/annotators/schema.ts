import { z } from "zod";

export const enterInput = z.strictObject({
  name: z.string().trim().min(1, "Choose a name.").max(40, "At most 40 letters."),
});

export interface AnnotatorDto {
  id: number;
  name: string;
}
