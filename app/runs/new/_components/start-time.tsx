interface Props {
  /** As the browser writes a local time; empty for none. */
  value: string;
  onChange: (value: string) => void;
}

/** The run's milliseconds since 1970; undefined where it starts as soon as it is its turn. */
export const startOf = (text: string): number | undefined => (text === "" ? undefined : new Date(text).getTime());

/** From when on a run may start. */
export function StartTime({ value, onChange }: Props) {
  return (
    <details open={value !== "" || undefined}>
      <summary className="text-soft">Start time</summary>
      <label className="mt-2 grid gap-1">
        <span>Start no earlier than</span>
        <input
          type="datetime-local"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="rounded-md border bg-canvas px-3 py-2"
        />
        <span className="text-soft text-xs">Until then other runs go first. Empty: as soon as it is its turn.</span>
      </label>
    </details>
  );
}
