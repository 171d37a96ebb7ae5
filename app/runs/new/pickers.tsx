import { setKey, type TrainingSet } from "@/lib/runs/schema";

export function Choice({
  group,
  label,
  about,
  checked,
  onChange,
}: {
  group: string;
  label: string;
  about: string;
  checked: boolean;
  onChange: () => void;
}) {
  return (
    <label className="flex cursor-pointer gap-2.5 rounded-md border p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-wash">
      <input type="radio" name={group} checked={checked} onChange={onChange} className="mt-1 accent-(--accent)" />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-soft text-xs">{about}</span>
      </span>
    </label>
  );
}

const words: Record<TrainingSet["kind"], string> = { sample: "pairs", queue: "ranked pairs", rewrites: "rewrites" };

export function DataSelect({
  label,
  sets,
  value,
  onChange,
}: {
  label: string;
  sets: TrainingSet[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="grid gap-1">
      <span className="font-medium">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="rounded-md border bg-canvas px-3 py-2"
      >
        {sets.map((set) => (
          <option key={setKey(set)} value={setKey(set)}>
            {set.name}: {set.rows.toLocaleString("en")} {words[set.kind]}
          </option>
        ))}
      </select>
    </label>
  );
}
