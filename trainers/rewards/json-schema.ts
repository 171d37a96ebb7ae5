// Completions that are to be JSON of a certain form.
import { Ajv, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { longestMs, timed } from "./timed";

/** As strict about schemas as Ajv is where a typing error would let everything pass: an unknown keyword is refused. Formats describe, as in the drafts. */
const options: Options = {
  ...{ strictTypes: false, strictTuples: false, strictRequired: false, validateFormats: false, logger: false },
  allowUnionTypes: true,
  allErrors: true, // Ajv 8.20 otherwise leaves out what follows a tuple where the array is shorter than it
};
/** Of OpenAPI, which writers of schemas leave in them. */
const describing = ["discriminator", "example"];

/** Whether a value fits a schema; throws where the schema is none. */
export function schemaCheck(schema: string | object): (value: unknown) => boolean {
  const given = (typeof schema === "string" ? JSON.parse(schema) : schema) as { $schema?: unknown };
  const ajv = /draft-0[67]/.test(String(given.$schema)) ? new Ajv(options) : new Ajv2020(options);
  for (const word of describing) ajv.addKeyword(word);
  const fits = compiled(ajv, given);
  return (value) => {
    try {
      return timed(() => fits(value));
    } catch (cause) {
      throw new Error(
        `the JSON schema took more than ${longestMs / 1000} s on a completion; simplify its patterns, or what refers to itself`,
        { cause },
      );
    }
  };
}

function compiled(ajv: Ajv | Ajv2020, schema: object): (value: unknown) => boolean {
  try {
    const fits = ajv.compile(schema);
    return (value) => fits(value) === true;
  } catch (cause) {
    throw new Error(`this is no JSON schema: ${(cause as Error).message}`, { cause });
  }
}

/** The JSON that a completion is after its reasoning, or that its last block in a code fence holds; null where there is none. */
export function jsonIn(text: string): { value: unknown } | null {
  const spoken = text.split("</think>").at(-1)!;
  const block = [...spoken.matchAll(/^[ \t]*```[ \t]*(?:json)?[ \t]*\r?\n([\s\S]*?)^[ \t]*```/gim)].at(-1)?.[1];
  return parsed(spoken) ?? (block === undefined ? null : parsed(block));
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}
