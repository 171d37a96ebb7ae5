import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";

interface Props {
  /** On the button that submits the form. */
  label: string;
  disabled: boolean;
  /** Why it was not saved. */
  error: Error | null;
  /** Null where there is nothing to go back to. */
  onCancel: (() => void) | null;
}

/** What is wrong with a form as a whole, and its buttons. */
export function FormEnd({ label, disabled, error, onCancel }: Props) {
  return (
    <>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
      <div className="mt-4 flex gap-2">
        <Button type="submit" kind="primary" disabled={disabled}>
          {label}
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </>
  );
}
