import { ModelInput } from "../../../ui/model-input";
import type { Field } from "./fields";

interface Props {
  field: Field;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
}

/** The model of a run: by name, by the path of a folder, or a .gguf file. */
export function ModelField({ field, value, onChange, problem }: Props) {
  const id = `field-${field.path}`;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {field.label}
      </label>
      <ModelInput id={id} value={value} onChange={onChange} problem={problem} help={field.help} />
    </div>
  );
}
