import { type ReactNode, useId, useState } from "react";

const box = "w-full rounded-md border bg-canvas px-3 py-2";

function Labelled({ id, label, about, children }: { id: string; label: string; about: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children}
      <p id={`${id}-about`} className="mt-1 text-soft text-xs">
        {about}
      </p>
    </div>
  );
}

interface Props {
  label: string;
  about: string;
  value: string;
  onChange: (value: string) => void;
}

/** A select; the choice is saved at once. */
export function Setting({
  label,
  about,
  value,
  options,
  onChange,
}: Props & { options: { value: string; label: string }[] }) {
  const id = useId();
  const known = options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
  return (
    <Labelled id={id} label={label} about={about}>
      <select
        id={id}
        aria-describedby={`${id}-about`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={box}
      >
        {known.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** A text or number; it is saved on blur or with Enter. */
export function Typed({ label, about, value, onChange }: Props) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const store = () => {
    if (draft !== null && draft.trim() !== value) onChange(draft.trim());
    setDraft(null);
  };
  return (
    <Labelled id={id} label={label} about={about}>
      <input
        id={id}
        aria-describedby={`${id}-about`}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={store}
        onKeyDown={(event) => event.key === "Enter" && store()}
        className={box}
      />
    </Labelled>
  );
}
