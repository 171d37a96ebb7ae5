import { Upload } from "lucide-react";
import { useId } from "react";
import { Button } from "../../../ui/buttons";

interface Props {
  name: string;
  disabled: boolean;
  onName: (name: string) => void;
  onImport: () => void;
}

/** The dataset's name, and the button that makes it. */
export function ImportFields({ name, disabled, onName, onImport }: Props) {
  const id = useId();
  return (
    <form
      className="mt-4 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onImport();
      }}
    >
      <div className="grid w-80 min-w-0 max-w-full gap-1">
        <label htmlFor={id} className="font-medium">
          Dataset
        </label>
        <input
          id={id}
          required
          maxLength={80}
          value={name}
          onChange={(event) => onName(event.target.value)}
          className="w-full min-w-0 rounded-md border bg-canvas px-3 py-2"
        />
      </div>
      <Button type="submit" kind="primary" disabled={disabled}>
        <Upload size={15} aria-hidden /> Import
      </Button>
    </form>
  );
}
