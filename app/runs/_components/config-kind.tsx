import { type ConfigKind, configKinds } from "./config-texts";

interface Props {
  /** Of the group of radio buttons. */
  name: string;
  value: ConfigKind;
  onChange: (kind: ConfigKind) => void;
}

/** Radio buttons for the format of a config. */
export const ConfigKindChoice = ({ name, value, onChange }: Props) =>
  (Object.keys(configKinds) as ConfigKind[]).map((kind) => (
    <label key={kind} className="flex items-center gap-1.5">
      <input
        type="radio"
        name={name}
        checked={value === kind}
        onChange={() => onChange(kind)}
        className="accent-(--accent)"
      />
      {configKinds[kind]}
    </label>
  ));
