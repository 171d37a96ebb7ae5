// The schema of each method's run files, made of the fields of every run and the method's own.
import { z } from "zod";
import { common, reference } from "../fields/common";
import { allMethods, type Method, methodOf } from "./all";

/** Why a field at the top of a run file that another method has is out of place in this one's; null where none has it. */
export function strayField(method: Method, field: string): string | null {
  const own = methodOf({ method }).reference;
  if (field === "reference")
    return own === null ? "this method has no reference; leave it out" : `the reference of ${method} is ${own}`;
  const owner = allMethods.find(({ block }) => block === field);
  return owner && owner.name !== method ? `belongs to runs of ${owner.name}, and this one is ${method}` : null;
}

/** The run files of a method, without what holds between their fields. Words for fields that it does not have, one a line. */
function createSchema(method: Method) {
  const { block, options, reference: path } = methodOf({ method });
  const fields = { method: z.literal(method), ...common, ...(path === "reference" && { reference }) };
  return z.strictObject(
    { ...fields, [block]: options.prefault({}) },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => strayField(method, key) ?? "unknown field").join("\n")
          : undefined,
    },
  );
}

type Schema = ReturnType<typeof createSchema>;
const schemas = new Map(allMethods.map(({ name }): [Method, Schema] => [name, createSchema(name)]));

export const schemaOf = (method: Method): Schema => schemas.get(method)!;

/** All of them, for a union. */
export const allSchemas = [...schemas.values()] as [Schema, ...Schema[]];
