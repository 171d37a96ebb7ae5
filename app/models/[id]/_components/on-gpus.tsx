"use client";

import { useState } from "react";
import type { ModelFacts } from "@/spec/model-facts";
import { cacheBytes } from "@/spec/requirements/activations";
import { type Device, devices } from "@/spec/requirements/devices";
import { requirements, type TrainingPlan, whatFits } from "@/spec/requirements/requirements";
import { Card } from "../../../ui/cards";
import { memoryWords, number } from "../../../ui/format";
import { Setting } from "../../../ui/setting";
import { Table } from "../../../ui/table";

/** LoRA's rank here; its memory is small whatever it is. */
const rank = 16;
const trainings = [
  { value: "every weight", label: "every weight" },
  { value: "LoRA", label: `LoRA, rank ${rank}` },
  { value: "QLoRA", label: `QLoRA, rank ${rank}` },
];
const powers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i)).map((power) => ({
    value: String(power),
    label: power.toLocaleString("en"),
  }));
const named = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

const start: TrainingPlan = {
  ...{ adapter: null, isQuantised: false, zeroStage: 0, offload: "none", devices: 1, devicesPerMachine: 8 },
  ...{ rows: 4, tokens: 2048, recompute: "none", tensorParallel: 1, pipelineParallel: 1 },
};

/** What training this model by an engine of many devices would take. */
export function OnGpus({ title, shape }: { title: string; shape: ModelFacts["shape"] }) {
  const [plan, setPlan] = useState(start);
  const [device, setDevice] = useState(devices[3]!);
  return (
    <Card title={title} className="lg:col-span-2">
      <p className="mb-3 text-soft text-sm">
        Estimated for mixed precision in bfloat16 with AdamW, by the formulas of DeepSpeed and of Korthikanti et al.
        2022, at 40 % of a GPU&rsquo;s peak. Runs here are estimated on their form.
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Plan shape={shape} plan={plan} setPlan={setPlan} device={device} setDevice={setDevice} />
        <Taken shape={shape} plan={plan} device={device} setPlan={setPlan} />
      </div>
    </Card>
  );
}

interface Props {
  shape: ModelFacts["shape"];
  plan: TrainingPlan;
  setPlan: (plan: TrainingPlan) => void;
  device: Device;
}

function Plan({ shape, plan, setPlan, device, setDevice }: Props & { setDevice: (device: Device) => void }) {
  const change = (more: Partial<TrainingPlan>) => setPlan({ ...plan, ...more });
  const training = plan.adapter === null ? "every weight" : plan.isQuantised ? "QLoRA" : "LoRA";
  const count = (
    label: string,
    about: string,
    field: "devices" | "rows" | "tokens" | "tensorParallel" | "pipelineParallel",
    to: number,
    from = 0,
  ) => (
    <Setting
      label={label}
      about={about}
      value={String(plan[field])}
      options={powers(from, to)}
      onChange={(value) => change({ [field]: Number(value) })}
    />
  );
  return (
    <div className="grid content-start gap-3 sm:grid-cols-2">
      <Setting
        label="Training"
        about="What is trained; the rest is frozen"
        value={training}
        options={trainings}
        onChange={(value) =>
          change({ adapter: value === "every weight" ? null : rank * shape.sides, isQuantised: value === "QLoRA" })
        }
      />
      <Setting
        label="GPU"
        about="Memory and speed as its data sheet has them"
        value={device.name}
        options={named(devices.map(({ name }) => name))}
        onChange={(value) => setDevice(devices.find(({ name }) => name === value)!)}
      />
      {count("GPUs", "In all, eight to a machine", "devices", 10)}
      <Setting
        label="ZeRO stage"
        about="What DeepSpeed divides among replicas: optimizer states, gradients, weights"
        value={String(plan.zeroStage)}
        options={named(["0", "1", "2", "3"])}
        onChange={(value) => change({ zeroStage: Number(value) as TrainingPlan["zeroStage"] })}
      />
      <Setting
        label="ZeRO offload"
        about="cpu: into the machine's memory, from ZeRO 1 on"
        value={plan.offload}
        options={named(["none", "cpu"])}
        onChange={(value) => change({ offload: value as TrainingPlan["offload"] })}
      />
      <Setting
        label="Recompute"
        about="What the backward pass computes again instead of keeping"
        value={plan.recompute}
        options={named(["none", "attention", "block"])}
        onChange={(value) => change({ recompute: value as TrainingPlan["recompute"] })}
      />
      {count("Rows at a time", "On each GPU", "rows", 6)}
      {count("Tokens a row", "Context length", "tokens", 17, 8)}
      {count("Tensor parallel", "GPUs that share each layer's matrices", "tensorParallel", 4)}
      {count("Pipeline parallel", "GPUs that have some of the layers each", "pipelineParallel", 6)}
    </div>
  );
}

function Taken({ shape, plan, device, setPlan }: Props) {
  const taken = requirements(shape, plan, device);
  const split = plan.tensorParallel * plan.pipelineParallel;
  const days = (taken.secondsPerStep / taken.tokensPerStep) * (1e9 / 86_400);
  const facts: [string, string][] = [
    ["Memory of a machine", taken.host === 0 ? "not used" : memoryWords(taken.host)],
    ["Tokens a step", taken.tokensPerStep.toLocaleString("en")],
    ["Time for a billion tokens", days < 2 ? `${number(24 * days, days < 0.1 ? 2 : 1)} h` : `${number(days, 1)} days`],
    [
      "Sent by each GPU in a step",
      `${memoryWords(taken.communication)}: ${number(taken.communication / device.bandwidth, 2)} s beside ${number(taken.secondsPerStep, 2)} s of work`,
    ],
    ["Keys and values of as many rows, sampled", memoryWords(cacheBytes(shape, plan) / split)],
  ];
  return (
    <div>
      <Table
        rows={[...taken.parts, { name: "In all", bytes: taken.bytes }]}
        keyOf={({ name }) => name}
        columns={[
          { name: "On each GPU", cell: ({ name }) => name },
          { name: "Memory", numeric: true, cell: ({ bytes }) => memoryWords(bytes) },
        ]}
      />
      <Verdict shape={shape} plan={plan} device={device} setPlan={setPlan} bytes={taken.bytes} />
      <dl className="mt-3 grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Verdict({ shape, plan, device, setPlan, bytes }: Props & { bytes: number }) {
  if (plan.tensorParallel * plan.pipelineParallel > plan.devices)
    return <p className="mt-2 text-warn">Tensor and pipeline parallelism need more GPUs than there are.</p>;
  if (bytes <= device.memory)
    return <p className="mt-2">Fits: {memoryWords(device.memory - bytes)} of a GPU&rsquo;s memory are left.</p>;
  const found = whatFits(shape, plan, device);
  return (
    <p className="mt-2 text-warn">
      Does not fit: {memoryWords(bytes - device.memory)} too much.{" "}
      {found === null ? (
        "Nothing of what is offered here is enough: take more GPUs, tensor parallelism or shorter rows."
      ) : (
        <>
          It would with: {found.changes.join("; ")}.{" "}
          <button type="button" className="underline" onClick={() => setPlan(found.plan)}>
            Change that
          </button>
        </>
      )}
    </p>
  );
}
