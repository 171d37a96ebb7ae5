import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { NewAgreement } from "@/lib/evaluations/evaluation-schema";
import { chosenBy, type RunDetail, setKey } from "@/lib/runs/run-schema";
import { trainingSetsQuery } from "../../../_client/queries";
import { Button } from "../../../ui/buttons";

const box = "rounded-md border bg-canvas px-3 py-1.5";

interface Props {
  run: RunDetail;
  disabled: boolean;
  onStart: (asked: NewAgreement) => void;
}

/** Asks how often the run's model puts the answers of a dataset in the order that they have there. */
export function AgreementForm({ run: { adapter, config }, disabled, onStart }: Props) {
  const { data: all = [] } = useQuery(trainingSetsQuery);
  const sets = all.filter(({ pairs }) => pairs > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const [category, setCategory] = useState("subset");
  const holdsOut = "heldOut" in config.data && Number(config.data.heldOut) > 0;
  const [heldOutOnly, setHeldOutOnly] = useState(holdsOut);
  const set = sets.find((one) => setKey(one) === chosen) ?? sets[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (set) onStart({ data: chosenBy(setKey(set)), category, heldOutOnly, limit: null, step: null });
  };
  return (
    <form onSubmit={submit} data-needs="write" className="grid gap-3">
      <p className="max-w-prose text-soft">
        How often the better answer of a dataset scores highest, by category, as in RewardBench. A reward model scores
        answers; a policy by how much likelier it has made them.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <label className="grid content-start gap-1">
          <span className="font-medium">Dataset</span>
          <select value={set ? setKey(set) : ""} onChange={(event) => setChosen(event.target.value)} className={box}>
            {sets.map((one) => (
              <option key={setKey(one)} value={setKey(one)}>
                {one.name} ({one.pairs.toLocaleString("en")} pairs)
              </option>
            ))}
          </select>
        </label>
        <label className="grid content-start gap-1">
          <span className="font-medium">Category column</span>
          <input value={category} onChange={(event) => setCategory(event.target.value)} className={box} />
          <span className="text-soft text-xs">Rows without it have no category.</span>
        </label>
      </div>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          checked={heldOutOnly}
          disabled={!holdsOut}
          onChange={(event) => setHeldOutOnly(event.target.checked)}
          className="mt-1 accent-(--accent)"
        />
        <span>
          Only prompts that the run held out
          <span className="block text-soft text-xs">
            {holdsOut ? "Untick for a dataset that it never saw." : "This run held none out."}
          </span>
        </span>
      </label>
      <p className="flex items-center gap-3">
        <Button type="submit" disabled={disabled || !set || category.trim() === ""}>
          Measure agreement
        </Button>
        <span role="status" className="text-soft">
          {adapter ? sets.length === 0 && "There is no dataset with pairs yet." : "There is no adapter yet."}
        </span>
      </p>
    </form>
  );
}
