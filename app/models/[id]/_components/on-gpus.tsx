"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { ModelFacts } from "@/spec/model-facts";
import { cacheOnEach } from "@/spec/requirements/activations";
import { type Device, devices } from "@/spec/requirements/devices";
import { type AskedPlan, planInAddress } from "@/spec/requirements/in-address";
import { requirements, type TrainingPlan } from "@/spec/requirements/requirements";
import { proposedRank, stagesBeside, whatFits } from "@/spec/requirements/what-fits";
import { Card } from "../../../ui/cards";
import { memoryWords, number } from "../../../ui/format";
import { Setting } from "../../../ui/setting";
import { Table } from "../../../ui/table";

const [onExperts, everyWeight] = ["LoRA on experts too", "every weight"];
const trainings = (rank: number, hasExperts: boolean) =>
  [everyWeight, "LoRA", "QLoRA", ...(hasExperts ? [onExperts] : [])].map((value) => ({
    value,
    label: value === everyWeight ? value : `${value}, rank ${rank}`,
  }));
const powers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
const named = (values: readonly (string | number)[]) =>
  values.map((value) => ({ value: String(value), label: value.toLocaleString("en") }));

/** Of this card in an address. */
const place = "gpus";

const start: TrainingPlan = {
  ...{ adapter: null, isQuantised: false, zeroStage: 0, offload: "none", devices: 1, devicesPerMachine: 8 },
  ...{ rows: 4, tokens: 2048, recompute: "none", tensorParallel: 1, pipelineParallel: 1 },
};

const planOf = (
  { rank, experts, quantised, rows, tokens, recompute }: AskedPlan,
  { sides, expertSides }: ModelFacts["shape"],
) => ({
  ...{ ...start, rows, tokens, recompute },
  adapter: rank === "none" ? null : rank * (sides + (experts === "yes" ? expertSides : 0)),
  isQuantised: quantised === "yes",
});

/** What training this model by an engine of many devices would take; as a run does it, where the address says how. */
export function OnGpus({ title, shape }: { title: string; shape: ModelFacts["shape"] }) {
  const asked = planInAddress(useSearchParams());
  const [plan, setPlan] = useState(asked ? planOf(asked, shape) : start);
  const [device, setDevice] = useState(devices[3]!);
  const rank = typeof asked?.rank === "number" ? asked.rank : proposedRank;
  useEffect(() => {
    if (location.hash === `#${place}`) document.getElementById(place)?.scrollIntoView(); // it came after the page
  }, []);
  return (
    <Card id={place} title={title} className="lg:col-span-2">
      <p className="mb-3 text-soft text-sm">
        Estimated for mixed precision in bfloat16 with AdamW, by the formulas of DeepSpeed and of Korthikanti et al.
        2022, at 40 % of a GPU&rsquo;s peak. Runs here are estimated on their form.
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Plan shape={shape} rank={rank} plan={plan} setPlan={setPlan} device={device} setDevice={setDevice} />
        <Needs shape={shape} plan={plan} device={device} setPlan={setPlan} />
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

/** ZeRO as DeepSpeed has it beside a pipeline; nothing is offloaded without a stage. */
function consistent(plan: TrainingPlan): TrainingPlan {
  const zeroStage = stagesBeside(plan).includes(plan.zeroStage) ? plan.zeroStage : 1;
  return { ...plan, zeroStage, offload: zeroStage === 0 ? "none" : plan.offload };
}

interface PlanProps extends Props {
  /** Of LoRA, where it is chosen. */
  rank: number;
  setDevice: (device: Device) => void;
}

function Plan({ shape, rank, plan, setPlan, device, setDevice }: PlanProps) {
  const change = (more: Partial<TrainingPlan>) => setPlan(consistent({ ...plan, ...more }));
  const { sides, expertSides } = shape;
  const isOnExperts = plan.adapter !== null && plan.adapter > rank * sides;
  const training = plan.adapter === null ? everyWeight : isOnExperts ? onExperts : plan.isQuantised ? "QLoRA" : "LoRA";
  const count = (
    label: string,
    about: string,
    field: "devices" | "rows" | "tokens" | "tensorParallel" | "pipelineParallel",
    values: number[],
  ) => (
    <Setting
      label={label}
      about={about}
      value={String(plan[field])}
      options={named(values)}
      onChange={(value) => change({ [field]: Number(value) })}
    />
  );
  return (
    <div className="grid content-start gap-3 sm:grid-cols-2">
      <Setting
        label="Training"
        about="What is trained; the rest is frozen"
        value={training}
        options={trainings(rank, expertSides > 0)}
        onChange={(value) =>
          change({
            adapter: value === everyWeight ? null : rank * (value === onExperts ? sides + expertSides : sides),
            isQuantised: value === "QLoRA",
          })
        }
      />
      <Setting
        label="GPU"
        about="Memory and speed as its data sheet has them"
        value={device.name}
        options={named(devices.map(({ name }) => name))}
        onChange={(value) => setDevice(devices.find(({ name }) => name === value)!)}
      />
      {count("GPUs", "In all, eight to a machine", "devices", powers(0, 10))}
      <Setting
        label="ZeRO stage"
        about={
          plan.pipelineParallel > 1
            ? "Beside a pipeline DeepSpeed divides optimizer states only"
            : "What DeepSpeed divides among replicas: optimizer states, gradients, weights"
        }
        value={String(plan.zeroStage)}
        options={named(stagesBeside(plan))}
        onChange={(value) => change({ zeroStage: Number(value) as TrainingPlan["zeroStage"] })}
      />
      <Setting
        label="ZeRO offload"
        about={plan.zeroStage === 0 ? "Needs ZeRO 1 or more" : "cpu: into the machine's memory"}
        value={plan.offload}
        options={named(plan.zeroStage === 0 ? ["none"] : ["none", "cpu"])}
        onChange={(value) => change({ offload: value as TrainingPlan["offload"] })}
      />
      <Setting
        label="Recompute"
        about="What the backward pass computes again instead of keeping"
        value={plan.recompute}
        options={named(["none", "attention", "block"])}
        onChange={(value) => change({ recompute: value as TrainingPlan["recompute"] })}
      />
      {count("Rows at a time", "On each GPU", "rows", powers(0, 6))}
      {count("Tokens a row", "Context length", "tokens", powers(8, 17))}
      {count(
        "Tensor parallel",
        `GPUs that share each layer's matrices and its ${shape.heads} heads`,
        "tensorParallel",
        powers(0, 4).filter((value) => shape.heads % value === 0),
      )}
      {count(
        "Pipeline parallel",
        `GPUs that have some of the ${shape.layers} layers each`,
        "pipelineParallel",
        powers(0, 6).filter((value) => value <= shape.layers),
      )}
    </div>
  );
}

function Needs({ shape, plan, device, setPlan }: Props) {
  const needs = requirements(shape, plan, device);
  const days = (needs.secondsPerStep / needs.tokensPerStep) * (1e9 / 86_400);
  const facts: [string, string][] = [
    ["Memory of a machine", needs.host === 0 ? "not used" : memoryWords(needs.host)],
    ["Tokens a step", needs.tokensPerStep.toLocaleString("en")],
    ["Time for a billion tokens", days < 2 ? `${number(24 * days, days < 0.1 ? 2 : 1)} h` : `${number(days, 1)} days`],
    [
      "Sent by each GPU in a step",
      `${memoryWords(needs.communication)}: ${number(needs.communicationSeconds, 2)} s beside ${number(needs.secondsPerStep, 2)} s of work`,
    ],
    ["Keys and values of as many rows, sampled", memoryWords(cacheOnEach(shape, plan))],
  ];
  return (
    <div>
      <Table
        rows={[...needs.parts, { name: "In all", bytes: needs.bytes }]}
        keyOf={({ name }) => name}
        columns={[
          { name: "On each GPU", cell: ({ name }) => name },
          { name: "Memory", numeric: true, cell: ({ bytes }) => memoryWords(bytes) },
        ]}
      />
      <Verdict shape={shape} plan={plan} device={device} setPlan={setPlan} bytes={needs.bytes} />
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
  const verdict = useRef<HTMLDivElement>(null);
  const misses = bytes - device.memory;
  const tooFew = plan.tensorParallel * plan.pipelineParallel > plan.devices;
  const found = misses > 0 && !tooFew ? whatFits(shape, plan, device) : null;
  const apply = (better: TrainingPlan) => {
    setPlan(better);
    verdict.current?.focus(); // the button goes
  };
  return (
    <div ref={verdict} role="status" tabIndex={-1} className={`mt-2 ${tooFew || misses > 0 ? "text-warn" : ""}`}>
      {tooFew
        ? "Tensor and pipeline parallelism need more GPUs than there are."
        : misses <= 0
          ? `Fits: ${memoryWords(-misses)} of a GPU’s memory are left.`
          : `Does not fit: ${memoryWords(misses)} too much. ${
              found
                ? `It would with: ${found.changes.join("; ")}. `
                : "Nothing of what is offered here is enough: take more GPUs, tensor parallelism or shorter rows."
            }`}
      {found && (
        <button type="button" className="underline" onClick={() => apply(found.plan)}>
          Apply these changes
        </button>
      )}
    </div>
  );
}
