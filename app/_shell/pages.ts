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

export interface Place {
  href: Route;
  label: string;
  icon: LucideIcon;
  /** Goes there after `g`. */
  key: string;
}

/** The pages of the rail, in its order. */
export const pages: Place[] = [
  { href: "/", label: "Home", icon: House, key: "h" },
  { href: "/annotate", label: "Annotate", icon: Pencil, key: "a" },
  { href: "/datasets", label: "Datasets", icon: Database, key: "d" },
  { href: "/runs", label: "Runs", icon: Activity, key: "r" },
  { href: "/models", label: "Models", icon: Boxes, key: "m" },
  { href: "/compare", label: "Compare", icon: GitCompare, key: "c" },
  { href: "/chat", label: "Chat", icon: MessagesSquare, key: "t" },
];

/** Those below the line. */
export const settings: Place[] = [
  { href: "/team", label: "Team", icon: Users, key: "p" },
  { href: "/settings", label: "Settings", icon: Settings, key: "s" },
];

export const isHere = (href: string, path: string): boolean =>
  href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
