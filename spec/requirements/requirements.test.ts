// Against DeepSpeed's and Accelerate's own estimates (data/golden/make-requirements.py), and by hand where there is no peer.
import { expect, test } from "vitest";
import peers from "../../data/golden/requirements.json";
import { activationBytes, cacheBytes, cacheOnEach, logitsBytes } from "./activations";
import { devices } from "./devices";
import { modelStates, type StatesPlan } from "./model-states";
import { requirements, type TrainingPlan } from "./requirements";
import { whatFits } from "./what-fits";

/** Llama 3.1 8B, by its config.json. */
const shape = { layers: 32, hiddenSize: 4096, heads: 32, kvHeads: 8, headDim: 128, vocabulary: 128256 };
const perLayer = 2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336;
const parameters = 8_030_261_248;
const large = {
  ...shape,
  parameters,
  active: parameters,
  linear: 32 * perLayer,
  largest: 128256 * 4096,
  sides: 32 * 86016,
};
const states: StatesPlan = {
  ...{ adapter: null, isQuantised: false, zeroStage: 0, offload: "none", devices: 1, devicesPerMachine: 8 },
};
const plan: TrainingPlan = {
  ...states,
  ...{ rows: 1, tokens: 2048, recompute: "none", tensorParallel: 1, pipelineParallel: 1 },
};
const h100 = devices.find(({ name }) => name.includes("H100"))!;

test.each(peers.states)("model states of %j", ({ parameters, largest, gpus, machines, offload, zero2, zero3 }) => {
  for (const [zeroStage, peer] of [
    [2, zero2],
    [3, zero3],
  ] as const) {
    const { weights, gradients, optimizer, host } = modelStates(
      { parameters, largest, linear: 0 },
      { ...states, zeroStage, offload: offload ? "cpu" : "none", devices: gpus * machines, devicesPerMachine: gpus },
    );
    expect(Math.abs(weights + gradients + optimizer - peer.gpu)).toBeLessThan(1);
    if (offload) expect(Math.abs(host - peer.cpu)).toBeLessThan(1);
  }
});

test("without ZeRO and LoRA each device holds 20 bytes a parameter; stage 1 divides 12 of them", () => {
  const bytes = (more: Partial<StatesPlan>) => {
    const { weights, gradients, optimizer } = modelStates(large, { ...states, ...more });
    return (weights + gradients + optimizer) / large.parameters;
  };
  expect(bytes({})).toBe(20);
  expect(bytes({ zeroStage: 1, devices: 4 })).toBe(8 + 12 / 4);
  expect(bytes({ adapter: 0 })).toBe(2);
});

test("QLoRA holds linear layers in 4 bits, with scales of 64 numbers in 8 bits and of 256 of these in 32", () => {
  const { weights } = modelStates(large, { ...states, adapter: 0, isQuantised: true });
  expect(weights).toBeCloseTo(large.linear * (0.5 + 1 / 64 + 4 / 16384) + 2 * (large.parameters - large.linear), 0);
});

test("activations by Korthikanti et al.: GPT-3 22B's layer of 2,048 tokens, in parallel and computed again", () => {
  // h = 6144, a = 64: 34 + 5 · 64 · 2048 / 6144 bytes a token and number
  const one = { ...shape, layers: 1, hiddenSize: 6144, heads: 64 };
  const sbh = 4 * 2048 * 6144;
  const step = { rows: 4, tokens: 2048, tensorParallel: 8, pipelineParallel: 1 };
  expect(activationBytes(one, { ...step, recompute: "none" })).toBeCloseTo((sbh * (34 + 320 / 3)) / 8, 0);
  expect(activationBytes(one, { ...step, recompute: "attention" })).toBe((sbh * 34) / 8);
  const kept = activationBytes({ ...one, layers: 48 }, { ...step, recompute: "block" });
  expect(kept).toBeCloseTo(48 * 2 * sbh + (sbh * (34 + 320 / 3)) / 8, 0); // what goes into a layer is not divided
  expect(logitsBytes(one, { ...plan, tokens: 10 })).toBe(2 * 4 * 10 * 128256);
});

test("the survey's example: keys and values of 2,048 tokens of a model of 13 B parameters are 1.7 GB", () => {
  const bytes = cacheBytes({ layers: 40, kvHeads: 40, headDim: 128 }, { rows: 1, tokens: 2048 });
  expect(bytes).toBe(1_677_721_600);
});

test("a step's time is its operations at 40 % of the devices' peak; more devices, more tokens in the same time", () => {
  const one = requirements(large, plan, h100);
  const attention = 12 * 32 * 32 * 128 * 2048; // of a token: 12 · layers · heads · head size · tokens
  expect(one.secondsPerStep).toBeCloseTo(((6 * parameters + attention) * 2048) / (989e12 * 0.4), 6);
  const eight = requirements(large, { ...plan, devices: 8 }, h100);
  expect([eight.tokensPerStep, eight.secondsPerStep]).toEqual([8 * one.tokensPerStep, one.secondsPerStep]);
  const adapter = requirements(large, { ...plan, adapter: 1e6, recompute: "block" }, h100);
  // no gradients of weights; weights and attention forward twice
  expect(adapter.secondsPerStep).toBeCloseTo(((6 * parameters + (attention * 4) / 3) * 2048) / (989e12 * 0.4), 6);
  const experts = requirements({ ...large, active: parameters / 4 }, plan, h100); // a token meets a quarter
  expect(experts.secondsPerStep).toBeCloseTo((((6 * parameters) / 4 + attention) * 2048) / (989e12 * 0.4), 6);
  expect(experts.bytes).toBe(one.bytes);
});

test("what devices send each other: gradients twice round, of ZeRO 3 the weights too, of tensor parallelism each layer's output", () => {
  const sent = (more: Partial<TrainingPlan>) => requirements(large, { ...plan, ...more }, h100).communication;
  expect(sent({})).toBe(0);
  expect(sent({ devices: 4 })).toBeCloseTo(2 * 2 * large.parameters * (3 / 4), 0);
  expect(sent({ devices: 4, zeroStage: 3 })).toBeCloseTo(3 * 2 * large.parameters * (3 / 4), 0);
  const lora = { devices: 4, zeroStage: 3, adapter: 1e6 } as const;
  expect(sent(lora)).toBeCloseTo((2 * 2 * large.parameters + 3 * 2 * 1e6) * (3 / 4), 0);
  const quantised = 2 * (large.parameters - large.linear) + large.linear * (1 / 2 + 1 / 64 + 4 / (64 * 256));
  expect(sent({ ...lora, isQuantised: true })).toBeCloseTo((2 * quantised + 3 * 2 * 1e6) * (3 / 4), 0);
  expect(sent({ devices: 2, tensorParallel: 2 })).toBeCloseTo(32 * 4 * (2 * 2048 * 4096), 0);
  expect(sent({ devices: 2, tensorParallel: 2, recompute: "block" })).toBeCloseTo(32 * 6 * (2 * 2048 * 4096), 0);
});

test("it goes at the rate of the machine's own links, between machines at that of the network cards of those that take part", () => {
  const seconds = (more: Partial<TrainingPlan>) => {
    const { communication, communicationSeconds } = requirements(large, { ...plan, ...more }, h100);
    return communication / communicationSeconds;
  };
  expect(seconds({ devices: 8 })).toBeCloseTo(450e9, -3);
  expect(seconds({ devices: 64 })).toBeCloseTo(8 * 50e9, -3); // eight of each machine in one ring
  const sums = (devices: number) => requirements(large, { ...plan, devices, tensorParallel: 8 }, h100);
  const [inside, across] = [sums(8), sums(64)]; // one of each machine in a ring of gradients
  const gradients = across.communication - inside.communication;
  expect(gradients / (across.communicationSeconds - inside.communicationSeconds)).toBeCloseTo(50e9, -3);
});

test("a machine's memory holds what all of its devices offload, and for a moment the whole model of each in float32", () => {
  const host = (more: Partial<TrainingPlan>) =>
    requirements(large, { ...plan, zeroStage: 2, offload: "cpu", devices: 8, ...more }, h100).host;
  expect(host({})).toBeCloseTo(1.5 * 4 * 8 * parameters, 0);
  expect(host({ tensorParallel: 8 })).toBeCloseTo(1.5 * 16 * parameters, 0);
  expect(host({ adapter: 1e6 })).toBeCloseTo(1.5 * 4 * 8 * parameters, 0);
  expect(host({ zeroStage: 3, devices: 32, tensorParallel: 8 })).toBeCloseTo(1.5 * ((18 / 4) * parameters), 0);
});

test("what to change where a run does not fit: as little as is enough, and null where nothing is", () => {
  const l4 = devices[0]!;
  const fits = (more: Partial<TrainingPlan>) => whatFits(large, { ...plan, ...more }, l4);
  expect(requirements(large, plan, l4).bytes).toBeGreaterThan(l4.memory);
  const alone = fits({ rows: 4 })!;
  expect(alone.changes).toEqual([
    "recompute whole layers",
    "one row at a time, and more accumulation",
    "LoRA instead of every weight",
  ]);
  expect(requirements(large, { ...alone.plan, rows: 4 }, l4).bytes).toBeGreaterThan(l4.memory); // each is needed
  expect(requirements(large, alone.plan, l4).bytes).toBeLessThanOrEqual(l4.memory);
  expect(fits({ devices: 8, recompute: "block" })!.changes).toEqual(["ZeRO 3"]);
  expect(fits({ devices: 8, recompute: "block", pipelineParallel: 2 })?.changes).not.toContain("ZeRO 3"); // DeepSpeed has none
  expect(fits({ tokens: 1 << 24 })).toBeNull(); // its activations alone are more
});

test("keys and values are divided by tensor parallelism as far as there are heads of them, and by the pipeline", () => {
  const shape = { ...large, kvHeads: 8 };
  const on = (tensorParallel: number, pipelineParallel = 1) =>
    cacheOnEach(shape, { ...plan, tensorParallel, pipelineParallel });
  expect(on(1)).toBe(cacheBytes(shape, plan));
  expect(on(4)).toBe(on(1) / 4);
  expect(on(16)).toBe(on(1) / 8);
  expect(on(16, 2)).toBe(on(1) / 16);
});
