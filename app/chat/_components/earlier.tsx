import { Trash2 } from "lucide-react";
import { Card } from "../../ui/cards";
import { IconButton } from "../../ui/icon-button";
import { When } from "../../ui/when";
import type { EarlierConversation } from "./conversation";

interface Props {
  conversations: EarlierConversation[];
  onOpen: (one: EarlierConversation) => void;
  onDelete: (one: EarlierConversation) => void;
}

/** Conversations that were put aside for others, each by its first message. */
export function Earlier({ conversations, onOpen, onDelete }: Props) {
  if (conversations.length === 0) return null;
  return (
    <Card title="Earlier conversations">
      <ul className="divide-y">
        {conversations.map((one) => {
          const [first] = one.turns;
          const title = first?.content ?? "";
          return (
            <li key={one.at} className="flex items-center gap-2 py-1">
              <button
                type="button"
                dir="auto"
                onClick={() => onOpen(one)}
                className="min-w-0 flex-1 truncate rounded px-1 py-1 text-left hover:bg-raised"
              >
                {title}
              </button>
              <span className="shrink-0 text-soft text-xs">
                {one.turns.length} {one.turns.length === 1 ? "message" : "messages"} · <When at={one.at} />
              </span>
              <IconButton label={`Delete: ${title.slice(0, 60)}`} onClick={() => onDelete(one)}>
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
