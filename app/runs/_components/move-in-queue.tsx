import { ChevronDown, ChevronsUp, ChevronUp } from "lucide-react";
import type { Move } from "@/lib/runs/run-schema";
import { IconButton } from "../../ui/icon-button";

interface Props {
  name: string;
  /** From 1. */
  place: number;
  /** Whether no other run comes after it; not known everywhere. */
  isLast?: boolean;
  move: (move: Move) => void;
}

/** Moves a queued run to the front, or by one place. */
export const MoveInQueue = ({ name, place, isLast = false, move }: Props) => (
  <span data-needs="write" className="flex">
    <IconButton label={`Move ${name} to the front`} disabled={place === 1} onClick={() => move("move-first")}>
      <ChevronsUp size={15} aria-hidden />
    </IconButton>
    <IconButton label={`Move ${name} up`} disabled={place === 1} onClick={() => move("move-up")}>
      <ChevronUp size={15} aria-hidden />
    </IconButton>
    <IconButton label={`Move ${name} down`} disabled={isLast} onClick={() => move("move-down")}>
      <ChevronDown size={15} aria-hidden />
    </IconButton>
  </span>
);
