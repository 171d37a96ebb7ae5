import Link from "next/link";
import { RailIcon } from "./rail-icons";
import { RailLink } from "./rail-link";
import { ThemeSwitch } from "./theme-switch";

const pages = [
  { href: "/", label: "Home", icon: "home" },
  { href: "/annotate", label: "Annotate", icon: "pencil" },
  { href: "/datasets", label: "Datasets", icon: "database" },
  { href: "/runs", label: "Runs", icon: "activity" },
  { href: "/compare", label: "Compare", icon: "compare" },
] as const;

/** A rail on wide screens, a bottom bar on phones. Rendered on the server, so that the icon library is not sent to the browser. */
export function Rail({ name }: { name: string | null }) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-surface md:sticky md:top-0 md:h-dvh md:w-52 md:flex-col md:border-t-0 md:border-r md:p-3"
    >
      <Link href="/" className="hidden items-center gap-2 px-2 pt-1 pb-5 font-semibold md:flex">
        <Mark />
        Workbench
      </Link>
      {pages.map(({ href, label, icon }) => (
        <RailLink key={href} href={href}>
          <RailIcon name={icon} />
          {label}
        </RailLink>
      ))}
      <div className="mt-auto hidden items-center justify-between gap-2 px-2 md:flex">
        <span className="truncate text-soft text-xs">{name ?? "Not signed in"}</span>
        <ThemeSwitch>
          <RailIcon name="sun" className="hidden [[data-theme=dark]_&]:block" />
          <RailIcon name="moon" className="[[data-theme=dark]_&]:hidden" />
        </ThemeSwitch>
      </div>
    </nav>
  );
}

/** The logo: two answers, one of them ahead. */
function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <rect x="2" y="3" width="7" height="14" rx="2" fill="var(--a)" />
      <rect x="11" y="7" width="7" height="10" rx="2" fill="var(--b)" />
    </svg>
  );
}
