import type { ReactNode } from "react";
import type { RunDetail, RunName } from "@/lib/runs/run-schema";
import { metrics } from "@/spec/metrics/catalogue";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { Link } from "../../../ui/link";

/** Data, parent run, dependencies and sweep of the run. */
export function Lineage({ run: { lineage, origin, halving } }: { run: RunDetail }) {
  const { data, parent, uses, usedBy, sweep } = lineage;
  return (
    <Card title="Lineage">
      <dl className="grid gap-2">
        {origin && <Line name="Imported">{origin}</Line>}
        {data && (
          <Line name="Data">
            {data.queue === null ? (
              data.name
            ) : (
              <Link href={`/datasets/${data.queue}`} className="underline">
                {data.name}
              </Link>
            )}
          </Line>
        )}
        {parent && (
          <Line name={parent.step === null ? "Cloned from" : `Forked at step ${parent.step} from`}>
            <Names runs={[parent]} />
          </Line>
        )}
        {uses.length > 0 && (
          <Line name="Depends on">
            <Names runs={uses} />
          </Line>
        )}
        {usedBy.length > 0 && (
          <Line name="Used by">
            <Names runs={usedBy} />
          </Line>
        )}
        {sweep.length > 1 && (
          <Line name="Sweep">
            <Link href={`/compare?runs=${sweep.join()}`} className="underline">
              Compare {sweep.length} runs
            </Link>
          </Line>
        )}
        {halving && (halving.next !== null || halving.rungs.length > 0) && (
          <Line name={`${metrics[halving.metric].label} at the rungs of its sweep; one of ${halving.factor} goes on`}>
            {halving.rungs.length === 0 ? `First compared at step ${halving.next}` : <Rungs rungs={halving.rungs} />}
          </Line>
        )}
      </dl>
    </Card>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-soft text-xs">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

const Rungs = ({ rungs }: Pick<NonNullable<RunDetail["halving"]>, "rungs">) => (
  <ul className="numbers">
    {rungs.map(({ step, value, place, of }) => (
      <li key={step}>
        Step {step}: {number(value)}
        {place !== null && (
          <span className="text-soft">
            , number {place} of {of}
          </span>
        )}
      </li>
    ))}
  </ul>
);

const Names = ({ runs }: { runs: RunName[] }) => (
  <ul>
    {runs.map(({ id, name, status }) => (
      <li key={id}>
        <Link href={`/runs/${id}`} className="underline">
          {name}
        </Link>
        {status !== "finished" && <span className="text-soft text-xs"> {status}</span>}
      </li>
    ))}
  </ul>
);
