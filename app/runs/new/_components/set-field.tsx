import type { Field } from "./fields";

interface Props {
  field: Field;
  value: unknown;
  onChange: (value: string | string[]) => void;
  problem: string | undefined;
}

/** Some of a list, or the word that stands for all of it: the layers that get an adapter. */
export function SetField({ field: { path, label, help, choices, all }, value, onChange, problem }: Props) {
  const id = `field-${path}`;
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const toggle = (name: string) => {
    const next = choices.filter((choice) => chosen.includes(choice) !== (choice === name));
    onChange(next.length === 0 && all !== null ? all : next);
  };
  return (
    <fieldset id={id} aria-describedby={`${id}-help`} className="min-w-0">
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-x-3 gap-y-1 py-1">
        {all !== null && <Tick label={all} checked={value === all} onChange={() => onChange(all)} />}
        {choices.map((name) => (
          <Tick key={name} label={name} checked={chosen.includes(name)} onChange={() => toggle(name)} />
        ))}
      </div>
      <p id={`${id}-help`} className={`mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ?? help}
      </p>
    </fieldset>
  );
}

function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange: () => void }) {
  return (
    <label className="numbers flex items-center gap-1.5">
      <input type="checkbox" checked={checked} onChange={onChange} className="accent-(--accent)" />
      {label}
    </label>
  );
}
