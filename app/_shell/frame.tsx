"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { lazily } from "../ui/lazily";

const load = () => import("./around");
const Rail = lazily(() => load().then(({ Rail }) => Rail));
const TopBar = lazily(() => load().then(({ TopBar }) => TopBar));
const PhoneBar = lazily(() => load().then(({ PhoneBar }) => PhoneBar));

interface Props {
  /** Who is signed in, if anybody. */
  name: string | null;
  /** Also around the annotation screen's address, where there is no such dataset. */
  always?: boolean;
  children: ReactNode;
}

/**
 * What surrounds every page: the rail on wide screens, the bar at the bottom of phones, and the bar at the top. The annotation screen has a
 * bar of its own and counts its JavaScript, so there they are not even loaded.
 */
export function Frame({ name, always = false, children }: Props) {
  const bare = /^\/annotate\/./.test(usePathname()) && !always;
  const Main = always ? "div" : "main"; // within the bare frame's
  return (
    <div className="flex min-h-dvh">
      {!bare && (
        <Suspense fallback={<div className="rail" />}>
          <Rail />
        </Suspense>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        {!bare && (
          <Suspense fallback={<div className="h-12" />}>
            <TopBar name={name} />
          </Suspense>
        )}
        <Main id={always ? undefined : "main"} className="min-w-0 flex-1">
          {children}
        </Main>
        {!bare && (
          <Suspense fallback={<div className="phone-bar" />}>
            <PhoneBar name={name} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
