// Table of docs/compression.md: what is left of a model in 8 and 4 bits.
import { interval } from "../../lib/runs/compare/student";
import type { Form, PackingResult } from "./packing";

export const packingText = ({ models }: PackingResult): string => models.map(table).join("\n\n");

function table({ name, rows, seeds }: PackingResult["models"][number]): string {
  const isOne = seeds.length === 1;
  const spread = isOne ? "one standard error over rows" : "half-width of the 95 % interval over them";
  return [
    `${name}, calibrated on ${rows.calibrated} rows and measured on ${rows.measured} of other prompts; ${isOne ? "" : `${seeds.length} seeds, `}± ${spread}.`,
    "",
    "| weights | MB | perplexity | KL a token, nats | same next token, % |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...seeds[0]!.map(({ name, bytes }, i) => {
      const cells = isOne ? oneOf(seeds[0]![i]!) : severalOf(seeds.map((seed) => seed[i]!));
      return `| ${name} | ${(bytes / 1e6).toPrecision(3)} | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

const scientific = (value: number) => (value === 0 ? "0" : value.toExponential(1));

const oneOf = ({ perplexity, kl, sameTop }: Form) => [
  perplexity.toFixed(3),
  `${scientific(kl.mean)} ± ${scientific(kl.se)}`,
  (100 * sameTop).toFixed(1),
];

function severalOf(forms: Form[]): string[] {
  const shown = (of: (form: Form) => number, write: (value: number) => string) => {
    const { mean, half } = interval(forms.map(of));
    return `${write(mean)} ± ${write(half)}`;
  };
  return [
    shown(
      ({ perplexity }) => perplexity,
      (value) => value.toFixed(3),
    ),
    shown(({ kl }) => kl.mean, scientific),
    shown(
      ({ sameTop }) => 100 * sameTop,
      (value) => value.toFixed(1),
    ),
  ];
}
