// Methods and datasets that do not go together, told by the form and by the server alike.
import type { Method } from "../../spec/config";
import type { Problem } from "../../spec/errors";
import { kindWords, type LabelKind, suits } from "../../spec/label-kinds";
import { methods } from "./methods";

/** What is wrong with training `method` on a dataset. A name that is no method's is the schema's to refuse. */
export function unsuited(method: string, { name, holds }: { name: string; holds: LabelKind }): Problem[] {
  if (!Object.hasOwn(methods, method) || suits(method as Method, holds)) return [];
  const message = `${name} holds ${kindWords[holds]}, which ${methods[method as Method].name} does not read`;
  return [{ path: "data.train", message }];
}
