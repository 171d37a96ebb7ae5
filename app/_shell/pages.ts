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
import type { Permission } from "@/spec/roles";
import { mayHere } from "../ui/may";

export interface Place {
  href: Route;
  label: string;
  icon: LucideIcon;
  /** Goes there after `g`. */
  key: string;
  /** What one has to be permitted to see it. */
  needs: Permission;
}

/** The pages of the rail, in its order. */
export const pages: Place[] = [
  { href: "/", label: "Home", icon: House, key: "h", needs: "signed in" },
  { href: "/annotate", label: "Annotate", icon: Pencil, key: "a", needs: "annotate" },
  { href: "/datasets", label: "Datasets", icon: Database, key: "d", needs: "read" },
  { href: "/runs", label: "Runs", icon: Activity, key: "r", needs: "read" },
  { href: "/models", label: "Models", icon: Boxes, key: "m", needs: "read" },
  { href: "/compare", label: "Compare", icon: GitCompare, key: "c", needs: "read" },
  { href: "/chat", label: "Chat", icon: MessagesSquare, key: "t", needs: "write" },
];

/** Those below the line. */
export const settings: Place[] = [
  { href: "/team", label: "Team", icon: Users, key: "p", needs: "read" },
  { href: "/settings", label: "Settings", icon: Settings, key: "s", needs: "administer" },
];

/** Those that one may see. */
export const openPages = (): Place[] => [...pages, ...settings].filter(({ needs }) => mayHere(needs));

export const isHere = (href: string, path: string): boolean =>
  href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
