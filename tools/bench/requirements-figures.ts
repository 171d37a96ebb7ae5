// Tables of docs/many-gpus.md: computed by spec/requirements, of well-known models by their config.json.
import { type Device, devices } from "../../spec/requirements/devices";
import { type ModelNeeds, requirements, type TrainingPlan } from "../../spec/requirements/requirements";
import { proposedRank, whatFits } from "../../spec/requirements/what-fits";

/** As config.json of a model of the Llama kind names it. */
interface Config {
  layers: number;
  hidden: number;
  intermediate: number;
  heads: number;
  kvHeads: number;
  vocabulary: number;
  tied?: boolean;
}

export function needsOf({ layers, hidden, intermediate, heads, kvHeads, vocabulary, tied }: Config): ModelNeeds {
  const headDim = hidden / heads;
  const kv = kvHeads * headDim;
  const linear = layers * (2 * hidden * hidden + 2 * hidden * kv + 3 * hidden * intermediate);
  const sides = layers * (2 * 2 * hidden + 2 * (hidden + kv) + 3 * (hidden + intermediate));
  const embedding = vocabulary * hidden;
  const parameters = linear + (tied ? 1 : 2) * embedding + (2 * layers + 1) * hidden;
  return {
    parameters,
    active: parameters,
    linear,
    sides,
    largest: embedding,
    layers,
    hiddenSize: hidden,
    heads,
    kvHeads,
    headDim,
    vocabulary,
  };
}

export const wellKnown: [name: string, config: Config][] = [
  [
    "SmolLM2 135M",
    { layers: 30, hidden: 576, intermediate: 1536, heads: 9, kvHeads: 3, vocabulary: 49152, tied: true },
  ],
  ["Llama 3.1 8B", { layers: 32, hidden: 4096, intermediate: 14336, heads: 32, kvHeads: 8, vocabulary: 128256 }],
  ["Llama 3.1 70B", { layers: 80, hidden: 8192, intermediate: 28672, heads: 64, kvHeads: 8, vocabulary: 128256 }],
  ["Llama 3.1 405B", { layers: 126, hidden: 16384, intermediate: 53248, heads: 128, kvHeads: 8, vocabulary: 128256 }],
];

const deviceNamed = (part: string): Device => devices.find(({ name }) => name.includes(part))!;
const machines: [name: string, device: Device, count: number][] = [
  ["a desktop: RTX 4090, 24 GB", deviceNamed("4090"), 1],
  ["one H100, 80 GB", deviceNamed("H100"), 1],
  ["a machine: 8 H100", deviceNamed("H100"), 8],
  ["8 machines: 64 H100", deviceNamed("H100"), 64],
  ["128 machines: 1,024 H100", deviceNamed("H100"), 1024],
];
const plan: TrainingPlan = {
  ...{ adapter: null, isQuantised: false, zeroStage: 0, offload: "none", devices: 1, devicesPerMachine: 8 },
  ...{ rows: 4, tokens: 2048, recompute: "none", tensorParallel: 1, pipelineParallel: 1 },
};

const gigabytes = (bytes: number) => `${(bytes / 1e9).toLocaleString("en", { maximumSignificantDigits: 3 })} GB`;
const time = (seconds: number) =>
  seconds < 3600
    ? `${Math.max(1, Math.round(seconds / 60))} min`
    : seconds < 172_800
      ? `${(seconds / 3600).toFixed(1)} h`
      : `${Math.round(seconds / 86_400).toLocaleString("en")} days`;

function cell(model: ModelNeeds, device: Device, count: number): string {
  const asked = { ...plan, devices: count };
  const fits = requirements(model, asked, device).bytes <= device.memory;
  const found = fits ? { changes: [], plan: asked } : whatFits(model, asked, device);
  if (found === null) return "does not fit";
  const { secondsPerStep, tokensPerStep } = requirements(model, found.plan, device);
  const how = found.changes.length > 0 ? found.changes.join("; ") : "as it is";
  return `${how}: ${time((secondsPerStep / tokensPerStep) * 1e8)}`;
}

export function requirementsText(): string {
  const models = wellKnown.map(([name, config]) => [name, needsOf(config)] as const);
  const [, eight] = models[1]!;
  const h100 = deviceNamed("H100");
  const ways: [name: string, more: Partial<TrainingPlan>][] = [
    ["data parallelism, LoRA of rank 16", { adapter: proposedRank * eight.sides }],
    ["data parallelism, every weight", {}],
    ["ZeRO 1 or 2", { zeroStage: 2 }],
    ["ZeRO 3", { zeroStage: 3 }],
    ["tensor parallelism of 8", { tensorParallel: 8 }],
    ["pipeline of 8", { pipelineParallel: 8 }],
  ];
  const cost = ways.map(([name, more]) => {
    const { bytes, communication, communicationSeconds, secondsPerStep } = requirements(
      eight,
      { ...plan, devices: 8, recompute: "block", ...more },
      h100,
    );
    return `| ${name} | ${gigabytes(bytes)} | ${gigabytes(communication)} | ${communicationSeconds.toFixed(3)} s | ${secondsPerStep.toFixed(2)} s |`;
  });
  return [
    "### What has to change, and how long 100 million tokens take",
    "",
    `| | ${models.map(([name]) => name).join(" | ")} |`,
    `| --- | ${models.map(() => "---").join(" | ")} |`,
    ...machines.map(
      ([name, device, count]) => `| ${name} | ${models.map(([, model]) => cell(model, device, count)).join(" | ")} |`,
    ),
    "",
    "### What each kind of parallelism holds and sends",
    "",
    "Llama 3.1 8B on 8 H100, 4 rows of 2,048 tokens at a time, whole layers recomputed.",
    "",
    "| | memory of a GPU | sent by each a step | at NVLink's rate | of a step of |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...cost,
  ].join("\n");
}
