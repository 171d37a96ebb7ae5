import { useEffect, useState } from "react";
import type { RunSummary } from "@/lib/runs/run-schema";

/** Whether a run starts before one that is launched now: what waits for a later time does not. */
export const isAhead = ({ status, notBefore }: Pick<RunSummary, "status" | "notBefore">): boolean =>
  status === "running" || (status === "queued" && notBefore === null);

/** What happens between "Start run" and the run's page, and for how long it has. */
export function Checking({ ahead }: { ahead: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="numbers text-soft text-xs">
      <span role="status">Checking rows and model.</span> {seconds > 0 && `${seconds} s so far.`} Then the run{" "}
      {ahead === 0 ? "starts" : `is number ${ahead} in the queue`}, and its page opens.
    </p>
  );
}
