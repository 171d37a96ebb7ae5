// docs/models.md: tiny models of each family in GGUF files, from llama.cpp's converter to us and from us to llama.cpp.
import type { GgufResult } from "./results";

export function ggufText({ versions, texts, families }: GgufResult): string {
  const number = (value: number) => value.toExponential(0);
  const rows = Object.entries(families).map(([name, { read, written }]) => {
    const types = Object.values(written);
    const tensors = types.map(({ tensors: { same, different } }) => `${same} of ${same + different.length}`);
    const distances = [...Object.values(read.distances), ...types.map(({ distance }) => distance)].map(number);
    return `| ${name} | ${read.sameIds ? "equal" : "differ"} | ${distances.join(" | ")} | ${tensors.join(", ")} |`;
  });
  return [
    `Largest distance of a token's log-probability, in nats, in tiny random models (\`npm run gguf\`; Transformers ${versions.transformers}, llama.cpp ${versions["llama.cpp"]}). Read:`,
    `llama.cpp's own files of each type here, from Transformers on the model before it was rounded; ids of ${texts} hard texts. Written: our files in llama.cpp, from`,
    "us on the same file; and how many tensors have the type and the bytes that llama.cpp's converter gives them.",
    "",
    "| model | ids | F32, read | F16, read | Q8_0, read | F16, written | Q8_0, written | same tensors, F16 and Q8_0 |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}
