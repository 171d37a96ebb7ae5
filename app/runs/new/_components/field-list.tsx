import type { ReactNode } from "react";
import type { Field } from "./fields";

export const FieldList = ({ fields, input }: { fields: Field[]; input: (field: Field) => ReactNode }) => (
  <div className="grid gap-4 sm:grid-cols-2">{fields.map(input)}</div>
);
