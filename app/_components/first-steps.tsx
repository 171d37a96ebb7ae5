"use client";

import { ArrowRight, Check } from "lucide-react";
import type { ReactNode } from "react";
import type { Home } from "@/lib/home/home";
import { DemoButton } from "../runs/_components/demo-button";
import { Button, buttonClass } from "../ui/buttons";
import { Link } from "../ui/link";

const firstRecords = 10;

/** An attribute of the page, which the layout's script sets before the first paint: what is dismissed never flashes up. */
function dismiss(): void {
  document.documentElement.dataset.steps = "dismissed";
  localStorage.setItem("steps", "dismissed");
}

/** The way through the workbench on a first visit: the first step that is not done has the primary button. */
export function FirstSteps({ annotated, started, finished, ownData }: Home["steps"]) {
  const done = [annotated >= firstRecords, finished, ownData, false];
  const kind = (step: number) => (done.indexOf(false) === step ? "primary" : "plain");
  return (
    <section data-needs="write" aria-label="First steps" className="mb-6 [[data-steps=dismissed]_&]:hidden">
      <header className="mb-2 flex items-center justify-between gap-3">
        <h2 className="text-sm">First steps</h2>
        <Button kind="quiet" className="-mr-3.5" onClick={dismiss}>
          Dismiss
        </Button>
      </header>
      <ol className="grid gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-2 xl:grid-cols-4">
        <Step
          done={done[0]!}
          number={1}
          title={`Annotate ${firstRecords} records`}
          action={
            <Link href="/annotate" className={buttonClass(kind(0))}>
              Annotate <ArrowRight size={15} aria-hidden />
            </Link>
          }
        >
          {Math.min(annotated, firstRecords)} of {firstRecords} so far. One key each.
        </Step>
        <Step done={done[1]!} number={2} title="Watch a model learn" action={!started && <DemoButton kind={kind(1)} />}>
          {started ? "See it under Runs." : "DPO on a tiny model, with live curves, in a few minutes on this machine."}
        </Step>
        <Step
          done={done[2]!}
          number={3}
          title="Train on your annotations"
          action={
            <Link href="/runs/new" className={buttonClass(kind(2))}>
              New run
            </Link>
          }
        >
          SmolLM2, 135 M parameters, LoRA; or any model of yours.
        </Step>
        <Step
          done={false}
          number={4}
          title="Compare the runs"
          action={
            <Link href="/compare" onClick={dismiss} className={buttonClass(kind(3))}>
              Compare
            </Link>
          }
        >
          Curves side by side, reward against KL, sample outputs.
        </Step>
      </ol>
    </section>
  );
}

function Step({
  done,
  number,
  title,
  children,
  action,
}: {
  done: boolean;
  number: number;
  title: string;
  children: ReactNode;
  action: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-2 bg-surface p-4">
      <span className="flex items-center gap-2 font-medium">
        <span
          className={`numbers inline-flex size-5 items-center justify-center rounded-full text-xs ${done ? "bg-good text-canvas" : "bg-raised text-soft"}`}
        >
          {done ? <Check size={13} aria-label="done" /> : number}
        </span>
        {title}
      </span>
      <span className="text-soft">{children}</span>
      <span className="mt-auto pt-1">{action}</span>
    </li>
  );
}
