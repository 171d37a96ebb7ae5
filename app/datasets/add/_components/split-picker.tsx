import { useId } from "react";
import type { SplitChoice, UploadState } from "@/lib/datasets/uploads/uploads-schema";

interface Props {
  splits: UploadState["splits"];
  disabled: boolean;
  onChange: (split: SplitChoice) => void;
}

/** Which of the configurations and splits that a dataset card names is imported. */
export function SplitPicker({ splits: { known, chosen }, disabled, onChange }: Props) {
  const id = useId();
  const at = known.findIndex((one) => one.config === chosen?.config && one.split === chosen.split);
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      <label htmlFor={id} className="font-medium">
        Split of the dataset card
      </label>
      <select
        id={id}
        value={at}
        disabled={disabled}
        onChange={({ target }) => onChange(known[Number(target.value)]!)}
        className="max-w-full rounded-md border bg-canvas px-3 py-2"
      >
        {at < 0 && <option value={-1}>Choose one</option>}
        {known.map(({ config, split }, i) => (
          <option key={`${config} ${split}`} value={i}>
            {config}: {split}
          </option>
        ))}
      </select>
    </div>
  );
}
