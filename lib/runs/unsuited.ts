// Methods and datasets that do not go together, told by the form and by the server alike.
import type { Problem } from "../../spec/errors";
import { kindWords, type LabelKind } from "../../spec/label-kinds";
import { isMethod, methodOf } from "../../spec/methods/all";

/** What is wrong with training `method` on a dataset. A name that is no method's is the schema's to refuse. */
export function unsuited(method: string, { name, holds }: { name: string; holds: LabelKind }): Problem[] {
  if (!isMethod(method)) return [];
  const { reads, label } = methodOf({ method });
  if (reads.includes(holds)) return [];
  const message = `${name} holds ${kindWords[holds]}, which ${label} does not read`;
  return [{ path: "data.train", message }];
}
