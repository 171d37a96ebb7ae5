import { useState } from "react";

interface Props {
  label: string;
  count: number;
  checked: boolean;
  /** The pointer is down on it: most likely it will be toggled. */
  onPress: () => void;
  onToggle: () => void;
}

/** A choice with the number of records that it would leave. It shows a click at once: the address, which it follows, takes a moment. */
export function FacetBox({ label, count, checked, onPress, onToggle }: Props) {
  const [shown, setShown] = useState(checked);
  const [followed, setFollowed] = useState(checked);
  if (checked !== followed) {
    setFollowed(checked);
    setShown(checked);
  }
  return (
    <label onPointerDown={onPress} className="flex items-center gap-2 rounded px-1 py-1 hover:bg-raised">
      <input
        type="checkbox"
        checked={shown}
        onChange={() => {
          setShown(!shown);
          onToggle();
        }}
      />
      <span className="min-w-0 flex-1 truncate" title={label}>
        {label}
      </span>
      <span className="numbers text-soft text-xs">{count.toLocaleString("en")}</span>
    </label>
  );
}
