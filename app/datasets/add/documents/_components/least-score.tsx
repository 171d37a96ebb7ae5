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
      <LeastScoreField value={typed} onChange={setTyped} />
      <Button type="submit" disabled={disabled}>
        Apply
      </Button>
    </form>
  );
}

/** The score as it is typed; empty: none is too low. */
export const LeastScoreField = ({ value, onChange }: { value: string; onChange: (typed: string) => void }) => (
  <Field label="Drop documents with a score below">
    {(id) => (
      <input
        id={id}
        type="number"
        step="any"
        value={value}
        placeholder="none is dropped"
        className={box}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
