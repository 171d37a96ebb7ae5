// Table of docs/compression.md: what is left of a model in 8 and 4 bits.
import { interval } from "../../lib/runs/compare/student";
import type { Form, PackingResult } from "./packing";

export const packingText = ({ models }: PackingResult): string => models.map(table).join("\n\n");

function table({ name, rows, seeds }: PackingResult["models"][number]): string {
  const several = seeds.length > 1;
  const shown = (forms: Form[], of: (form: Form) => number, digits: number) => {
    const { mean, half } = interval(forms.map(of));
    return several ? `${mean.toPrecision(digits)} ± ${half.toPrecision(2)}` : mean.toPrecision(digits);
  };
  const kl = (forms: Form[]) =>
    several
      ? shown(forms, (form) => form.kl.mean, 3)
      : `${forms[0]!.kl.mean.toPrecision(3)} ± ${forms[0]!.kl.se.toPrecision(2)}`;
  const spread = several
    ? `${seeds.length} seeds, ± half-width of the 95 % interval over them`
    : "± one standard error over rows";
  return [
    `${name}, calibrated on ${rows.calibrated} rows and measured on ${rows.measured} of other prompts; ${spread}.`,
    "",
    "| weights | MB | perplexity | KL a token, nats | same next token, % |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...seeds[0]!.map(({ name, bytes }, i) => {
      const forms = seeds.map((seed) => seed[i]!);
      const cells = [
        (bytes / 1e6).toPrecision(3),
        shown(forms, (form) => form.perplexity, 4),
        name === "float32" ? "0" : kl(forms),
        shown(forms, (form) => 100 * form.sameTop, 3),
      ];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}
