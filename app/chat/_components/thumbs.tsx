import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { Thumb } from "@/lib/runs/chat-schema";
import { Key } from "../../ui/buttons";

interface Props {
  says: Thumb;
  disabled: boolean;
  /** Whether 1 and 2 press them. */
  keyed: boolean;
  onPress: (says: "good" | "bad") => void;
}

const thumbs = {
  good: { label: "Good answer", key: "1", Icon: ThumbsUp, on: "aria-pressed:border-good aria-pressed:text-good" },
  bad: { label: "Bad answer", key: "2", Icon: ThumbsDown, on: "aria-pressed:border-bad aria-pressed:text-bad" },
};

/** Good or bad; what was said is pressed, and pressed again it is taken back. */
export const Thumbs = ({ says, disabled, keyed, onPress }: Props) => (
  <span className="flex gap-1">
    {(["good", "bad"] as const).map((one) => {
      const { label, key, Icon, on } = thumbs[one];
      return (
        <button
          key={one}
          type="button"
          aria-label={label}
          aria-pressed={says === one}
          aria-keyshortcuts={keyed ? key : undefined}
          title={says === one ? `${label}; press again to take it back` : label}
          disabled={disabled}
          onClick={() => onPress(one)}
          className={`inline-flex min-h-8 min-w-8 items-center justify-center gap-1.5 rounded-md border border-transparent px-1.5 text-soft hover:bg-raised hover:text-ink disabled:opacity-55 ${on}`}
        >
          <Icon size={15} aria-hidden fill={says === one ? "currentColor" : "none"} />
          {keyed && (
            <span aria-hidden className="max-md:hidden">
              <Key>{key}</Key>
            </span>
          )}
        </button>
      );
    })}
  </span>
);
