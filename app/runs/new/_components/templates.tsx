import { presets } from "@/lib/runs/presets";
import { Card } from "../../../ui/cards";

/** Configs to begin with, in a row; what the chosen one is about stands under it. */
export function Templates({ chosen, choose }: { chosen: string; choose: (id: string) => void }) {
  const preset = presets.find(({ id }) => id === chosen);
  return (
    <Card title="Template">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Template</legend>
        {presets.map(({ id, name }) => (
          <label
            key={id}
            className="flex cursor-pointer items-center gap-1.5 rounded-full border px-3 py-1 hover:bg-raised has-checked:border-accent has-checked:bg-accent-wash"
          >
            <input
              type="radio"
              name="preset"
              checked={chosen === id}
              onChange={() => choose(id)}
              className="accent-(--accent)"
            />
            {name}
          </label>
        ))}
      </fieldset>
      <p className="mt-2 min-h-5 text-soft text-xs">{preset && `${preset.about}. Settings: ${preset.source}.`}</p>
    </Card>
  );
}
