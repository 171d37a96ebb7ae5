import { type FormEvent, useState } from "react";
import { type NewEvaluation, newEvaluation } from "@/lib/evaluations/evaluation-schema";
import type { RunDetail } from "@/lib/runs/run-schema";
import { type OwnTask, ownTasks } from "@/spec/evaluations";
import { isFromScratch } from "@/spec/methods/sft";
import { Button } from "../../../ui/buttons";

const box = "rounded-md border bg-canvas px-3 py-1.5";
const usualLimit = "100";

interface Props {
  run: RunDetail;
  disabled: boolean;
  onStart: (asked: NewEvaluation) => void;
}

/** Which tasks, how many rows of each, and of which step. */
export function EvaluateForm({ run: { adapter, checkpoints, config }, disabled, onStart }: Props) {
  const [own, setOwn] = useState<OwnTask[]>(["instructions", "general_text"]);
  const [more, setMore] = useState("");
  const [folder, setFolder] = useState("");
  const [limit, setLimit] = useState(usualLimit);
  const [fewShot, setFewShot] = useState("");
  const [step, setStep] = useState("");
  const given = newEvaluation.safeParse({
    tasks: [...own, ...more.split(/[\s,]+/).filter(Boolean)],
    folder: folder.trim() || null,
    limit: limit.trim() === "" ? null : Number(limit),
    fewShot: fewShot.trim() === "" ? null : Number(fewShot),
    step: step === "" ? null : Number(step),
  });
  const problem = given.error?.issues[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given.data) onStart(given.data);
  };
  const toggle = (name: OwnTask) => setOwn(own.includes(name) ? own.filter((one) => one !== name) : [...own, name]);
  return (
    <form onSubmit={submit} data-needs="write" className="grid gap-4">
      <p className="max-w-prose text-soft">
        {isFromScratch(config)
          ? "The run's model, which began at random weights and is compared with no other, is asked tasks by "
          : "The run's model and the one that it was trained from are asked the same tasks by "}
        <a href="https://github.com/EleutherAI/lm-evaluation-harness" className="text-accent underline">
          lm-eval
        </a>
        , which is installed on first use (about 800 MB).
      </p>
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-1 font-medium">Tasks</legend>
        {(Object.keys(ownTasks) as OwnTask[]).map((name) => (
          <label key={name} className="flex items-start gap-2">
            <input
              type="checkbox"
              checked={own.includes(name)}
              onChange={() => toggle(name)}
              className="mt-1 accent-(--accent)"
            />
            <span>
              {ownTasks[name].label}
              <span className="block text-soft text-xs">{ownTasks[name].about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        <Text
          label="More tasks"
          help="By lm-eval's names, as hellaswag or gsm8k. It fetches their rows from the Hub."
          value={more}
          set={setMore}
        />
        <Text
          label="Folder of your own task files"
          help="In lm-eval's format. They may run code."
          value={folder}
          set={setFolder}
        />
        <Text label="Rows of each task" help="Empty: all." value={limit} set={setLimit} numeric />
        <Text
          label="Worked examples"
          help="Before each question. Empty: as the task says."
          value={fewShot}
          set={setFewShot}
          numeric
        />
        <label className="grid content-start gap-1">
          <span className="font-medium">Step</span>
          <select value={step} onChange={(event) => setStep(event.target.value)} className={box}>
            <option value="">the last</option>
            {checkpoints.map((one) => (
              <option key={one.step} value={one.step}>
                {one.step}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="flex items-center gap-3">
        <Button type="submit" kind="primary" disabled={disabled || !given.success}>
          Evaluate
        </Button>
        <span role="status" className="text-soft">
          {adapter ? problem && `${problem.path.join(".")}: ${problem.message}` : "There is no adapter yet."}
        </span>
      </p>
    </form>
  );
}

interface TextProps {
  label: string;
  help: string;
  value: string;
  set: (value: string) => void;
  numeric?: boolean;
}

function Text({ label, help, value, set, numeric = false }: TextProps) {
  return (
    <label className="grid content-start gap-1">
      <span className="font-medium">{label}</span>
      <input
        value={value}
        onChange={(event) => set(event.target.value)}
        inputMode={numeric ? "numeric" : "text"}
        spellCheck={false}
        className={box}
      />
      <span className="text-soft text-xs">{help}</span>
    </label>
  );
}
