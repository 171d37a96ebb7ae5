// docs/models.md: how often chat templates of public models render here as in Transformers.
import type { TemplatesResult } from "./results";

export function templatesText({ versions, rows, templates }: TemplatesResult): string {
  const all = Object.entries(templates);
  const ofTrl = (name: string) => name.startsWith("trl: ");
  const parts: [string, typeof all][] = [
    [`public models, as in ${versions.templates[0]}`, all.filter(([name]) => !ofTrl(name))],
    [`TRL's own and its variants for training, ${versions.templates[1]}`, all.filter(([name]) => ofTrl(name))],
  ];
  const sum = (part: typeof all, of: (one: TemplatesResult["templates"][string]) => number) =>
    part.reduce((total, [, one]) => total + of(one), 0).toLocaleString("en");
  return [
    `${rows} conversations (system messages, reasoning, tools, calls and results, odd white space), each with and without a generation prompt, by`,
    `Transformers ${versions.transformers} and here; how often the token ids are the same.`,
    "",
    "| templates | number | same ids | refused by both | different |",
    "| --- | ---: | ---: | ---: | --- |",
    ...parts.map(([name, part]) => {
      const different = part.filter((one) => one[1].different.length > 0).map(([template]) => template);
      const cells = [part.length, sum(part, ({ same }) => same), sum(part, ({ refused }) => refused)];
      return `| ${name} | ${cells.join(" | ")} | ${different.join(", ") || "none"} |`;
    }),
    "",
    `The public models: ${parts[0]![1].map(([name]) => name).join(", ")}.`,
  ].join("\n");
}
