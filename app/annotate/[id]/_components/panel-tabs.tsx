import { useTranslate } from "@/app/_messages/use-translate";
import type { Action } from "./keys";

interface Props {
  actions: Action[];
  open: string;
  act: (action: Action) => void;
  onClose: () => void;
}

const tabs = ["rationale", "rewrite", "aspects", "flag", "comments", "votes"];
const placeOf = ({ id }: Action) => tabs.indexOf(id);

/** What else can be said of a record; the panel stands at the right on wide screens, under the votes elsewhere. */
export function PanelTabs({ actions, open, act, onClose }: Props) {
  const t = useTranslate();
  return (
    <div className="flex items-start text-xs">
      <div className="flex flex-1 flex-wrap gap-1">
        {actions
          .filter((action) => placeOf(action) >= 0)
          .toSorted((one, other) => placeOf(one) - placeOf(other))
          .map((action) => (
            <button
              key={action.id}
              type="button"
              aria-pressed={action.id === open}
              aria-keyshortcuts={action.key}
              onClick={() => act(action)}
              className="flex min-h-8 items-center gap-1 rounded-md px-1.5 text-soft hover:bg-raised aria-pressed:bg-raised aria-pressed:text-ink"
            >
              {action.label}
            </button>
          ))}
      </div>
      <button type="button" aria-label={t("screen.closePanel")} onClick={onClose} className="min-h-8 min-w-8 text-soft">
        ✕
      </button>
    </div>
  );
}
