import { useState } from "react";
import { type AssignedWork, type WorkInput, workInput } from "@/lib/annotation/work/work-schema";
import { Button } from "../../../../ui/buttons";

interface Props {
  people: AssignedWork["others"];
  /** Whose work is changed; null where somebody gets their first. */
  changing: AssignedWork["people"][number] | null;
  busy: boolean;
  onGive: (input: WorkInput) => void;
  onLeave: () => void;
}

const box = "rounded-md border bg-canvas px-2 py-1.5";

/** A number of records or a share of the dataset for one person, and the last day for it. */
export function GiveWork({ people, changing, busy, onGive, onLeave }: Props) {
  const [person, setPerson] = useState(changing ? String(changing.annotatorId) : "");
  const [amount, setAmount] = useState(changing ? String(changing.assigned) : "");
  const [unit, setUnit] = useState<"records" | "percent">("records");
  const [due, setDue] = useState(changing?.due ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = () => {
    const number = amount.trim() === "" ? Number.NaN : Number(amount);
    const read = workInput.safeParse({ annotatorId: Number(person), amount: { [unit]: number }, due: due || null });
    setProblem(read.success ? null : wrong[unit]);
    if (read.success) onGive(read.data);
  };
  return (
    <form
      aria-label={changing ? `What ${changing.name} has` : "Give records"}
      className="mt-3 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (person !== "") submit();
      }}
    >
      <label className="grid min-w-0 gap-1 text-sm">
        Person
        <select value={person} onChange={({ target }) => setPerson(target.value)} className={`${box} max-w-full`}>
          {!changing && <option value="">Choose somebody…</option>}
          {people.map(({ annotatorId, name }) => (
            <option key={annotatorId} value={annotatorId}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="grid gap-1 text-sm">
        How much
        <input
          inputMode="decimal"
          value={amount}
          aria-invalid={problem !== null}
          aria-describedby="how-much"
          onChange={({ target }) => setAmount(target.value)}
          className={`${box} w-24 aria-invalid:border-bad`}
        />
      </label>
      <select
        aria-label="Unit"
        value={unit}
        onChange={({ target }) => setUnit(target.value as typeof unit)}
        className={box}
      >
        <option value="records">records</option>
        <option value="percent">% of the dataset</option>
      </select>
      <label className="grid gap-1 text-sm">
        Due (optional)
        <input type="date" value={due} onChange={({ target }) => setDue(target.value)} className={box} />
      </label>
      <Button type="submit" disabled={busy || person === ""}>
        {changing ? "Save" : "Give records"}
      </Button>
      {changing && (
        <Button kind="quiet" onClick={onLeave}>
          Cancel
        </Button>
      )}
      <p id="how-much" className={`w-full text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ??
          "Whoever has records assigned gets those alone. They are the ones that the fewest people have; their places are kept."}
      </p>
    </form>
  );
}

const wrong = {
  records: "Enter a whole number of records, 1 or more, and a day or none.",
  percent: "Enter a share from 1 to 100 %, and a day or none.",
};
