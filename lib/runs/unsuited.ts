// Methods and datasets that do not go together, told by the form and by the server alike.
import type { Problem } from "../../spec/errors";
import type { LabelKind } from "../../spec/label-kinds";
import { isMethod } from "../../spec/methods/all";
import { unsuitedWords } from "../../spec/methods/unsuited";

/** What is wrong with training `method` on a dataset. A name that is no method's is the schema's to refuse. */
export function unsuited(
  method: string,
  { name, holds }: { name: string; holds: LabelKind },
  path = "data.train",
): Problem[] {
  const message = isMethod(method) ? unsuitedWords(method, name, holds) : null;
  return message === null ? [] : [{ path, message }];
}
