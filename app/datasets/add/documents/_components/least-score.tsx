import { useState } from "react";
import { Button } from "../../../../ui/buttons";
import { box, Field } from "./field";

interface Props {
  /** Null: none is too low. */
  known: number | null;
  disabled: boolean;
  onChange: (min: number | null) => void;
}

/** Below which score documents are dropped, once all have theirs. */
export function LeastScore({ known, disabled, onChange }: Props) {
  const [typed, setTyped] = useState(String(known ?? ""));
  return (
    <form
      className="mt-3 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim() === "" ? null : Number(typed));
      }}
    >
      <Field label="Drop documents with a score below">
        {(id) => (
          <input
            id={id}
            type="number"
            step="any"
            value={typed}
            placeholder="none is dropped"
            className={box}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={disabled}>
        Apply
      </Button>
    </form>
  );
}
