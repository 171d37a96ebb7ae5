import { useState } from "react";

interface Props {
  /** As the browser writes a local time; empty for none. */
  value: string;
  onChange: (value: string) => void;
}

/** In milliseconds since 1970; undefined where the run starts as soon as it is its turn. Throws where the text is no time, such as a year of five digits. */
export function startOf(text: string): number | undefined {
  if (text === "") return undefined;
  const at = new Date(text).getTime();
  if (Number.isNaN(at))
    throw new Error(`Start time: "${text}" is no time. Choose a day and an hour, or empty the field.`);
  return at;
}

/** From when on a run may start. */
export function StartTime({ value, onChange }: Props) {
  const [open, setOpen] = useState(false);
  if (value !== "" && !open) setOpen(true); // and stays so while a part of the time is typed anew, which empties the value
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-soft">Start time</summary>
      <label className="mt-2 grid gap-1">
        <span>Start no earlier than</span>
        <input
          type="datetime-local"
          value={value}
          max="9999-12-31T23:59"
          onChange={(event) => onChange(event.target.value)}
          className="rounded-md border bg-canvas px-3 py-2"
        />
        <span className="text-soft text-xs">Until then other runs go first. Empty: as soon as it is its turn.</span>
      </label>
    </details>
  );
}
