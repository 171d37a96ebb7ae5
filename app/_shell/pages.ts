import {
  Activity,
  Boxes,
  Database,
  GitCompare,
  House,
  type LucideIcon,
  MessagesSquare,
  Pencil,
  Settings,
  Users,
} from "lucide-react";
import type { Route } from "next";
import type { MessageKey } from "@/lib/messages/messages";
import type { Permission } from "@/spec/roles";
import { mayHere } from "../ui/may";

export interface Place {
  href: Route;
  label: MessageKey;
  icon: LucideIcon;
  /** Goes there after `g`. */
  key: string;
  /** What one has to be permitted to see it. */
  needs: Permission;
}

/** The pages of the rail, in its order. */
export const pages: Place[] = [
  { href: "/", label: "shell.home", icon: House, key: "h", needs: "signed in" },
  { href: "/annotate", label: "shell.annotate", icon: Pencil, key: "a", needs: "annotate" },
  { href: "/datasets", label: "shell.datasets", icon: Database, key: "d", needs: "read" },
  { href: "/runs", label: "shell.runs", icon: Activity, key: "r", needs: "read" },
  { href: "/models", label: "shell.models", icon: Boxes, key: "m", needs: "read" },
  { href: "/compare", label: "shell.compare", icon: GitCompare, key: "c", needs: "read" },
  { href: "/chat", label: "shell.chat", icon: MessagesSquare, key: "t", needs: "write" },
];

/** Those below the line. */
export const settings: Place[] = [
  { href: "/team", label: "shell.team", icon: Users, key: "p", needs: "read" },
  { href: "/settings", label: "shell.settings", icon: Settings, key: "s", needs: "administer" },
];

/** Those that one may see. */
export const openPages = (): Place[] => [...pages, ...settings].filter(({ needs }) => mayHere(needs));

export const isHere = (href: string, path: string): boolean =>
  href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
