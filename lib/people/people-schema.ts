import { z } from "zod";
import { name } from "../../spec/names";

export const enterInput = z.strictObject({
  name: name("Choose a name.", 40),
});

export interface AnnotatorDto {
  id: number;
  name: string;
}
