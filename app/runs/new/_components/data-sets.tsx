import { Plus, X } from "lucide-react";
import type { Mix } from "@/lib/runs/chosen-sets";
import { setKey, type TrainingSet } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";
import { DataSelect, setWords } from "./pickers";

interface Props {
  label: string;
  sets: TrainingSet[];
  set: string;
  mix: Mix | null;
  /** The set that is evaluated on; empty where it is a share of the training prompts. */
  evaluation: string;
  problemAt: (path: string) => string | undefined;
  onSet: (set: string) => void;
  onMix: (mix: Mix | null) => void;
  onEvaluation: (set: string) => void;
}

/** What is trained on, one set or several mixed by weight, and what is evaluated on. */
export function DataSets({ label, sets, set, mix, evaluation, problemAt, onSet, onMix, onEvaluation }: Props) {
  const others = mix?.others ?? [];
  const change = (at: number, one: Partial<Mix["others"][number]>) =>
    onMix({ weight: mix!.weight, others: others.map((other, i) => (i === at ? { ...other, ...one } : other)) });
  const remove = (at: number) => {
    const left = others.filter((_, i) => i !== at);
    onMix(left.length === 0 ? null : { weight: mix!.weight, others: left });
  };
  const add = () => {
    const id = Math.max(-1, ...others.map(({ id }) => id)) + 1;
    onMix({ weight: mix?.weight ?? "1", others: [...others, { id, set: setKey(sets[0]!), weight: "1" }] });
  };
  const [problem, evaluationProblem] = [problemAt("data.train"), problemAt("data.eval")];
  return (
    <div className="mb-3 grid gap-3">
      <div className="flex min-w-0 flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-64">
          <DataSelect label={label} sets={sets} value={set} onChange={onSet} />
        </div>
        {mix && <Weight of={label} value={mix.weight} onChange={(weight) => onMix({ weight, others })} />}
      </div>
      {problem && <p className="text-bad text-xs">{problem}</p>}
      {others.map((other, i) => (
        <div key={other.id} className="flex min-w-0 flex-wrap items-end gap-2">
          <div className="min-w-0 flex-1 basis-64">
            <Select label={`Dataset ${i + 2}`} value={other.set} onChange={(set) => change(i, { set })}>
              <SetOptions sets={sets} />
            </Select>
          </div>
          <Weight of={`dataset ${i + 2}`} value={other.weight} onChange={(weight) => change(i, { weight })} />
          <Button kind="quiet" aria-label={`Remove dataset ${i + 2}`} onClick={() => remove(i)}>
            <X size={15} aria-hidden />
          </Button>
        </div>
      ))}
      {mix && (
        <p className="text-soft text-xs">
          An epoch holds the rows of a dataset as often as its weight says: 2 is twice, 0.5 a half of them, in the next
          epoch the other half.
        </p>
      )}
      <Button className="justify-self-start" disabled={sets.length === 0} onClick={add}>
        <Plus size={15} aria-hidden /> Mix in another dataset
      </Button>
      <div>
        <Select id="field-data.eval" label="Evaluation data" value={evaluation} onChange={onEvaluation}>
          <option value="">a held-out share of the training prompts</option>
          <SetOptions sets={sets} />
        </Select>
        <p className={`mt-1 text-xs ${evaluationProblem ? "text-bad" : "text-soft"}`}>
          {evaluationProblem ?? "Rows that are never trained on; with a dataset of its own, nothing else is held out."}
        </p>
      </div>
    </div>
  );
}

const box = "w-full min-w-0 rounded-md border bg-canvas px-3 py-2";

function Select(props: {
  id?: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: React.ReactNode;
}) {
  return (
    <label className="grid gap-1">
      <span className="font-medium">{props.label}</span>
      <select
        id={props.id}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        className={box}
      >
        {props.children}
      </select>
    </label>
  );
}

const SetOptions = ({ sets }: { sets: TrainingSet[] }) =>
  sets.map((one) => (
    <option key={setKey(one)} value={setKey(one)}>
      {one.name}: {one.rows.toLocaleString("en")} {setWords(one)}
    </option>
  ));

function Weight({ of, value, onChange }: { of: string; value: string; onChange: (weight: string) => void }) {
  return (
    <label className="grid w-24 gap-1">
      <span className="font-medium">Weight</span>
      <input
        aria-label={`Weight of ${of}`}
        inputMode="decimal"
        aria-invalid={!isWeight(value)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`numbers ${box} aria-invalid:border-bad`}
      />
    </label>
  );
}

export const isWeight = (text: string): boolean => text.trim() !== "" && Number(text) > 0 && Number(text) <= 100;
