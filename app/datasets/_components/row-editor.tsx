import { useState } from "react";
import type { RowDetail } from "@/lib/data-checks/changes-schema";
import { Button } from "../../ui/buttons";

type Texts = RowDetail["texts"];

interface Props {
  texts: Texts;
  saving: boolean;
  onSave: (changed: Texts) => void;
}

const nameOf = ({ at, name }: Texts[number]) =>
  name ?? at.map((part) => (typeof part === "number" ? part + 1 : part)).join(" › ");

/** Every text of a row in a box of its own, named by where it stands. */
export function RowEditor({ texts, saving, onSave }: Props) {
  const [draft, setDraft] = useState<Record<string, string>>({});
  const changed = texts.flatMap((one) => {
    const written = draft[nameOf(one)];
    return written === undefined || written === one.text ? [] : [{ at: one.at, text: written }];
  });
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(changed);
      }}
    >
      {texts.map((one) => {
        const name = nameOf(one);
        const value = draft[name] ?? one.text;
        return (
          <label key={name} className="grid gap-1">
            <span className="text-soft text-xs">{name}</span>
            <textarea
              dir="auto"
              rows={Math.min(12, 1 + Math.ceil(value.length / 90) + (value.match(/\n/g)?.length ?? 0))}
              value={value}
              onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
              className="w-full rounded-md border bg-canvas px-3 py-2"
            />
          </label>
        );
      })}
      <Button type="submit" kind="primary" className="justify-self-start" disabled={saving || changed.length === 0}>
        Save as a new version
      </Button>
    </form>
  );
}
