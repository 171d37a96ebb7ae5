import { type ReactNode, useId } from "react";

const box = "w-full rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad";

interface Props {
  label: string;
  about: string;
  value: string;
  problem?: string | undefined;
  onChange: (value: string) => void;
}

interface Described {
  id: string;
  "aria-describedby": string;
  "aria-invalid": boolean;
}

function Labelled({
  label,
  about,
  problem,
  wide = false,
  children,
}: Pick<Props, "label" | "about" | "problem"> & { wide?: boolean; children: (field: Described) => ReactNode }) {
  const id = useId();
  return (
    <div className={wide ? "sm:col-span-2" : ""}>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-about`, "aria-invalid": problem !== undefined })}
      <p id={`${id}-about`} className={`wrap-anywhere mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ?? about}
      </p>
    </div>
  );
}

/** A select. */
export function Setting({
  options,
  value,
  onChange,
  ...rest
}: Props & { options: { value: string; label: string }[] }) {
  const known = options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
  return (
    <Labelled {...rest}>
      {(field) => (
        <select {...field} value={value} onChange={(event) => onChange(event.target.value)} className={box}>
          {known.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** A text or number. */
export function Typed({ value, onChange, ...rest }: Props & { wide?: boolean }) {
  return (
    <Labelled {...rest}>
      {(field) => <input {...field} value={value} onChange={(event) => onChange(event.target.value)} className={box} />}
    </Labelled>
  );
}

/** A text of several lines. */
export function Written({ value, onChange, ...rest }: Props & { wide?: boolean }) {
  return (
    <Labelled {...rest}>
      {(field) => (
        <textarea
          {...field}
          rows={8}
          dir="auto"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={`${box} font-mono`}
        />
      )}
    </Labelled>
  );
}
