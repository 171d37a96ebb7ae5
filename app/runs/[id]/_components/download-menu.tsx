"use client";

import { Download } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { canBeMerged } from "@/spec/adapters/adapters";
import { type FolderType, folderTypeNames, type GgufType, ggufTypeNames, ggufTypes } from "@/spec/export-types";
import { methodOf } from "@/spec/methods/all";
import { buttonClass } from "../../../ui/buttons";
import { say } from "../../../ui/toast";
import { PushDialog } from "./push-dialog";
import { useRun } from "./run-context";
import { bestStep } from "./verdict";

const forms = {
  adapter: { label: "Adapter (PEFT)", takes: null },
  merged: { label: "Merged (Hugging Face)", takes: "The adapter is worked into its base model" },
  gguf: { label: "GGUF (llama.cpp)", takes: "The model is written as one file for llama.cpp" },
} as const;
/** Instead of an adapter, of a run that trained every weight. */
const wholeLabel = "Trained weights (Hugging Face)";
const bottleneckLabel = "Adapter (package adapters)";

/** The run's model as a file: of its last step, its best one, or a checkpoint. Merged and GGUF files are made on request. */
export function DownloadMenu({ run }: { run: RunDetail }) {
  const { lines } = useRun();
  const [at, setAt] = useState("last");
  const [type, setType] = useState<GgufType>("F16");
  const [dtype, setDtype] = useState<FolderType>("float32");
  const [pushing, setPushing] = useState(false);
  const typed = { adapter: "", merged: `&dtype=${dtype}`, gguf: `&type=${type}` };
  const { adapter } = run.config;
  const result = adapter === null ? wholeLabel : adapter?.type === "bottleneck" ? bottleneckLabel : forms.adapter.label;
  const steps = [...new Set(run.checkpoints.map(({ step }) => step))];
  const best = bestStep(run, lines); // the one that the run's page calls so
  const keptBest = run.best && !steps.includes(run.best.step) ? run.best : null;
  const offered = (Object.keys(forms) as (keyof typeof forms)[]).filter(
    (form) => form === "adapter" || (methodOf(run.config).produces === "policy" && canBeMerged(run.config.adapter)),
  );
  return (
    <>
      <Popover.Root>
        <Popover.Trigger className={buttonClass()}>
          <Download size={15} aria-hidden /> Download
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="end"
            sideOffset={4}
            aria-label="Download"
            className="z-30 grid w-64 gap-1 rounded-md border bg-surface p-2 shadow-lg"
          >
            <label className="grid gap-1 p-1 text-xs">
              Checkpoint
              <select
                value={at}
                onChange={(event) => setAt(event.target.value)}
                className="w-full min-w-0 rounded-md border bg-canvas px-2 py-1.5 text-sm"
              >
                <option value="last">last (step {run.step})</option>
                {keptBest && <option value="best">lowest held-out loss (step {keptBest.step})</option>}
                {steps.map((step) => (
                  <option key={step} value={step}>
                    step {step}
                    {step === best?.step && `, best by ${best.by}`}
                  </option>
                ))}
              </select>
            </label>
            {offered.includes("gguf") && (
              <>
                <Choice<FolderType>
                  label="Weights of a merged folder"
                  value={dtype}
                  onChange={setDtype}
                  names={folderTypeNames}
                />
                <Choice<GgufType>
                  label="Weights of a GGUF file"
                  value={type}
                  onChange={setType}
                  names={ggufTypeNames}
                  words={(name) => `${name} (${ggufTypes[name]} bits a weight)`}
                />
              </>
            )}
            {offered.map((form) => (
              <a
                key={form}
                className="block rounded-md px-3 py-1.5 hover:bg-raised"
                href={`/api/runs/${run.id}/export?form=${form}&at=${at}${typed[form]}`}
                download
                onClick={() =>
                  forms[form].takes && void say(`${forms[form].takes}; the download begins in some seconds.`)
                }
              >
                {form === "adapter" ? result : forms[form].label}
              </a>
            ))}
            <Popover.Close
              data-needs="write"
              className="rounded-md px-3 py-1.5 text-left hover:bg-raised"
              onClick={() => setPushing(true)}
            >
              Push to the Hub…
            </Popover.Close>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {pushing && (
        <PushDialog
          id={run.id}
          at={at === "last" || at === "best" ? at : Number(at)}
          dtype={dtype}
          merges={offered.includes("merged")}
          result={result}
          onClose={() => setPushing(false)}
        />
      )}
    </>
  );
}

interface ChoiceProps<Name extends string> {
  label: string;
  value: Name;
  onChange(name: Name): void;
  names: readonly Name[];
  words?: (name: Name) => string;
}

function Choice<Name extends string>({ label, value, onChange, names, words = (name) => name }: ChoiceProps<Name>) {
  return (
    <label className="grid gap-1 p-1 text-xs">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(event.target.value as Name)}
        className="rounded-md border bg-canvas px-2 py-1.5 text-sm"
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {words(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
