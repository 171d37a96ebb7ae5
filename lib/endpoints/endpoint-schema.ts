// Endpoints, servers of others that answer by OpenAI's API, as the pages and the server speak of them.
import { z } from "zod";
import { httpAddress, isHttp } from "../../spec/http-address";
import { name } from "../../spec/names";

const dollars = z.number({ error: "Enter dollars, 0 or more." }).min(0, "Enter dollars, 0 or more.").max(1e6);

/** The environment variable that holds a server's key. */
export const keyVariable = z
  .string()
  .trim()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "Enter the variable's name, like OPENAI_API_KEY, not the key.")
  .nullable();

const given = z.strictObject({
  name: name("Name the endpoint."),
  /** Without a slash at its end. */
  baseUrl: z
    .string()
    .trim()
    .max(500)
    .refine(isHttp, `Enter an ${httpAddress}, as far as /v1.`)
    .transform((address) => address.replace(/\/+$/, "")),
  model: z.string().trim().min(1, "Name the model as the server calls it.").max(200),
  keyVariable,
  /** Dollars for a million tokens. */
  inputPrice: dollars,
  outputPrice: dollars,
  requestsPerMinute: z.int("Enter a whole number from 1 to 100,000.").min(1).max(100_000),
  /** Dollars in all; null sets no limit. */
  spendingCap: dollars.nullable(),
});

export const endpointInput = given.extend({
  keyVariable: given.shape.keyVariable.default(null),
  inputPrice: dollars.default(0),
  outputPrice: dollars.default(0),
  requestsPerMinute: given.shape.requestsPerMinute.default(60),
  spendingCap: given.shape.spendingCap.default(null),
});
export type EndpointInput = z.output<typeof endpointInput>;

export const endpointChange = given
  .partial()
  .refine((change) => Object.keys(change).length > 0, "no setting to change");
export type EndpointChange = z.output<typeof endpointChange>;

export const endpointDto = z
  .object({
    id: z.number(),
    name: z.string(),
    baseUrl: z.string(),
    model: z.string(),
    keyVariable: z.string().nullable(),
    /** Whether the environment has it; the key itself never leaves the server. */
    hasKey: z.boolean(),
    inputPrice: z.number(),
    outputPrice: z.number(),
    requestsPerMinute: z.number(),
    spendingCap: z.number().nullable(),
    /** Dollars, and requests that were answered. */
    spent: z.number(),
    requests: z.number(),
  })
  .meta({ id: "Endpoint" });
export type EndpointDto = z.infer<typeof endpointDto>;

/** What a test heard, in a sentence. */
export const endpointHeard = z.object({ heard: z.string() });

/** "$0.0042": four digits of what is less than a dollar, cents of the rest. */
export const dollarWords = (amount: number): string =>
  amount === 0 || amount >= 1 ? `$${amount.toFixed(2)}` : `$${Number(amount.toPrecision(2))}`;
