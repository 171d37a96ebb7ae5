import type { Evaluation } from "@/lib/runs/evaluations";
import { Card } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { Table } from "../../../ui/table";

/** What the run measured last of the model. */
export function Evaluations({ measured }: { measured: Evaluation[] }) {
  return (
    <Card title="Evaluations">
      {measured.length === 0 ? (
        <p className="text-soft">
          Its run measured nothing on held-out rows. Hold some out, and let it evaluate every so many steps.
        </p>
      ) : (
        <section className="max-h-96 overflow-auto" tabIndex={0} aria-label="Evaluations: table">
          <Table
            rows={measured}
            keyOf={({ name }) => name}
            columns={[
              { name: "Metric", cell: ({ label, name }) => <span title={name}>{label}</span> },
              {
                ...{ name: "Value", unit: "± standard error", numeric: true },
                cell: ({ value, error }) => (error === null ? number(value) : `${number(value)} ± ${number(error)}`),
              },
            ]}
          />
        </section>
      )}
    </Card>
  );
}
