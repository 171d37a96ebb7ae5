// docs/compression.md: how far a model that is asked in 8 bits is from itself in float32.
import type { Packed } from "../../spec/packed";

export interface Int8Form extends Pick<Packed, "perplexity" | "kl" | "sameTop"> {
  form: string;
  /** Of all weights; null: not said. */
  bytes: number | null;
  /** Mean distance of a token's log-probability, in nats. */
  apart: number;
}
/** results/int8.json */
export interface Int8Result {
  models: { name: string; rows: number /** In float32. */; bytes: number; forms: Int8Form[] }[];
}

export const int8Text = ({ models }: Int8Result): string =>
  [
    "| model | weights | MB | perplexity | log p of a token moves by, nats | KL a token, nats | same next token, % |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ...models.flatMap(({ name, bytes, forms }) => [
      `| ${name} | float32 | ${megabytes(bytes)} | ${forms[0]!.perplexity.before.toFixed(3)} | 0 | 0 | 100 |`,
      ...forms.map(
        ({ form, bytes, perplexity, apart, kl, sameTop }) =>
          `| ${name} | ${form} | ${bytes === null ? "" : megabytes(bytes)} | ${perplexity.after.toFixed(3)} | ${apart.toExponential(1)} | ${kl.mean.toExponential(1)} ± ${kl.se.toExponential(1)} | ${(100 * sameTop).toFixed(1)} |`,
      ),
    ]),
  ].join("\n");

const megabytes = (bytes: number) => (bytes / 1e6).toPrecision(3);
