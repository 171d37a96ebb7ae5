/** A radio option as a card: its name and a sentence about it. */
export function Choice({
  group,
  label,
  about,
  checked,
  disabled = false,
  onChange,
}: {
  group: string;
  label: string;
  about: string;
  checked: boolean;
  disabled?: boolean;
  onChange: () => void;
}) {
  return (
    <label className="flex cursor-pointer gap-2.5 rounded-md border p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-wash">
      <input
        type="radio"
        name={group}
        checked={checked}
        disabled={disabled}
        onChange={onChange}
        className="mt-1 accent-(--accent)"
      />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-soft text-xs">{about}</span>
      </span>
    </label>
  );
}
