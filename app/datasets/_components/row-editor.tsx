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

/** Every text of a row in a box of its own, named by where it stands; those of columns that nothing reads are folded. */
export function RowEditor({ texts, saving, onSave }: Props) {
  const [draft, setDraft] = useState<Record<string, string>>({});
  const changed = texts.flatMap((one) => {
    const written = draft[nameOf(one)];
    return written === undefined || written === one.text ? [] : [{ at: one.at, text: written }];
  });
  const boxes = (texts: Texts) =>
    texts.map((one) => (
      <TextBox
        key={nameOf(one)}
        name={nameOf(one)}
        value={draft[nameOf(one)] ?? one.text}
        onChange={(text) => setDraft({ ...draft, [nameOf(one)]: text })}
      />
    ));
  const other = texts.filter(({ unused }) => unused);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(changed);
      }}
    >
      {boxes(texts.filter(({ unused }) => !unused))}
      {other.length > 0 && (
        <details>
          <summary className="cursor-pointer text-soft">Columns that no method reads ({other.length})</summary>
          <div className="mt-3 grid gap-3">{boxes(other)}</div>
        </details>
      )}
      <Button type="submit" kind="primary" className="justify-self-start" disabled={saving || changed.length === 0}>
        Save as a new version
      </Button>
    </form>
  );
}

function TextBox({ name, value, onChange }: { name: string; value: string; onChange: (text: string) => void }) {
  return (
    <label className="grid gap-1">
      <span className="text-soft text-xs">{name}</span>
      <textarea
        dir="auto"
        rows={Math.min(12, 1 + Math.ceil(value.length / 90) + (value.match(/\n/g)?.length ?? 0))}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        className="w-full rounded-md border bg-canvas px-3 py-2"
      />
    </label>
  );
}
