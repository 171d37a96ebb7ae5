interface Props {
  label: string;
  value: number;
  least: number;
  most: number;
  step: number;
  onChange: (value: number) => void;
  /** As it is written; two decimals where nothing is said. */
  written?: string;
  about?: string;
}

export function Slider({ label, value, least, most, step, onChange, written = value.toFixed(2), about }: Props) {
  return (
    <label className="numbers block min-w-0 text-xs">
      <span className="flex justify-between gap-2">
        <span>
          <span className="font-medium">{label}</span> {about && <span className="text-soft">{about}</span>}
        </span>
        <span>{written}</span>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={written}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-6 w-full accent-(--accent)"
      />
    </label>
  );
}
