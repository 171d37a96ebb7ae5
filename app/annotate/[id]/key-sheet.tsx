import { Dialog } from "radix-ui";
import { Key } from "../../ui/parts";
import { others, sides, strengthWord } from "./keys";

const rows = [
  ...sides.map(({ key, side, strength }) => ({
    key,
    does: `${side === "left" ? "A" : "B"} is ${strengthWord(strength)} better`,
  })),
  ...others.map(({ key, label }) => ({ key: key.toUpperCase(), does: label })),
  { key: "F", does: "Flag the pair: personal data, unsafe, broken, wrong language" },
  { key: "R", does: "Why, in your words" },
  { key: "E", does: "Write a better answer than both" },
  { key: "Z", does: "Undo, as often as you like, also after a reload" },
  { key: "D", does: "What differs, word by word" },
  { key: "M", does: "Raw text or rendered" },
  { key: "G", does: "The queue's guidelines, beside the pair" },
  { key: "?", does: "This sheet" },
];

export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Trigger className="flex items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-raised">
        <Key>?</Key> keys
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[min(92vw,26rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-md border bg-surface p-5"
        >
          <Dialog.Title className="mb-3 text-base">Keys</Dialog.Title>
          <dl className="grid grid-cols-[2.5rem_1fr] gap-y-1.5">
            {rows.map(({ key, does }) => (
              <div key={key} className="contents">
                <dt>
                  <Key>{key}</Key>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
