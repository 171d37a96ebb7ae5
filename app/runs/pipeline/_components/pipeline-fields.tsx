import type { FormEvent } from "react";
import { pipelinePolicies, policyNames } from "@/lib/runs/pipeline";
import { setKey, type TrainingSet } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";
import { Card } from "../../../ui/cards";
import { ModelInput } from "../../../ui/model-input";
import { canImitate, hasPairs, type Typed } from "./pipeline-values";

const box = "w-full rounded-md border bg-canvas px-3 py-2";

interface Props {
  typed: Typed;
  set: (change: Partial<Typed>) => void;
  sets: TrainingSet[];
  /** What is wrong with what was typed. */
  problem: string | undefined;
  isBusy: boolean;
  onLaunch: () => void;
}

export function PipelineFields({ typed, set, sets, problem, isBusy, onLaunch }: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onLaunch();
  };
  const toggle = (name: string) =>
    set({
      policies: pipelinePolicies.filter((one) =>
        one === name ? !typed.policies.includes(one) : typed.policies.includes(one),
      ),
    });
  const number = (name: "pretrainingSteps" | "sft" | "reward" | "policy", label: string) => (
    <label className="grid content-start gap-1 text-xs">
      <span className="font-medium">{label}</span>
      <input
        inputMode="numeric"
        value={typed[name]}
        onChange={(event) => set({ [name]: event.target.value })}
        className="numbers w-full rounded-md border bg-canvas px-2 py-1.5"
      />
    </label>
  );
  return (
    <Card>
      <form onSubmit={submit} className="grid gap-4">
        <label className="grid gap-1">
          <span className="font-medium">Name</span>
          <input value={typed.name} onChange={(event) => set({ name: event.target.value })} className={box} />
        </label>
        <div>
          <label htmlFor="pipeline-model" className="mb-1 block font-medium">
            Base model
          </label>
          <ModelInput id="pipeline-model" value={typed.model} onChange={(model) => set({ model })} />
        </div>
        <SetField
          label="Pre-training"
          value={typed.pretraining}
          onChange={(pretraining) => set({ pretraining })}
          sets={sets.filter(canImitate)}
          none="none: the base model's own weights"
        />
        <SetField
          label="SFT imitates"
          value={typed.supervised}
          onChange={(supervised) => set({ supervised })}
          sets={sets.filter(canImitate)}
          none="nothing: no SFT"
        />
        {typed.pretraining !== "" && typed.supervised !== "" && (
          <p className="text-soft text-xs">
            SFT trains the output head beside LoRA, as pre-training never predicts a text's first token, and a LoRA
            alone leaves the head unchanged.
          </p>
        )}
        <SetField
          label="Preferences"
          value={typed.preferences}
          onChange={(preferences) => set({ preferences })}
          sets={sets.filter(hasPairs)}
        />
        <fieldset className="flex flex-wrap gap-4">
          <legend className="mb-1 font-medium">Policies</legend>
          {pipelinePolicies.map((name) => (
            <label key={name} className="flex items-center gap-1.5">
              <input
                type="checkbox"
                checked={typed.policies.includes(name)}
                onChange={() => toggle(name)}
                className="accent-(--accent)"
              />
              {policyNames[name]}
            </label>
          ))}
        </fieldset>
        <fieldset className="grid grid-cols-2 gap-2">
          <legend className="mb-1 font-medium">Steps</legend>
          {typed.pretraining !== "" && number("pretrainingSteps", "Pre-training")}
          {number("sft", "SFT")}
          {number("reward", "Reward model")}
          {number("policy", "Each policy")}
        </fieldset>
        <p className="flex items-center gap-3">
          <Button type="submit" kind="primary" disabled={isBusy || problem !== undefined}>
            {isBusy ? "Checking…" : "Launch all"}
          </Button>
          <span role="status" className="text-bad text-xs">
            {problem}
          </span>
        </p>
      </form>
    </Card>
  );
}

interface SetProps {
  label: string;
  value: string;
  onChange: (key: string) => void;
  sets: TrainingSet[];
  /** What an empty choice says, where there may be one. */
  none?: string;
}

const SetField = ({ label, value, onChange, sets, none }: SetProps) => (
  <label className="grid gap-1">
    <span className="font-medium">{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)} className={box}>
      {none !== undefined && <option value="">{none}</option>}
      {sets.map((one) => (
        <option key={setKey(one)} value={setKey(one)}>
          {one.name} ({one.rows.toLocaleString("en")} rows)
        </option>
      ))}
    </select>
  </label>
);
