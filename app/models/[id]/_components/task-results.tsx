import type { EvaluationTable } from "@/lib/evaluations/evaluation-schema";
import { Card } from "../../../ui/cards";
import { EvaluationTableView } from "../../../ui/evaluation-table";

/** What standard tasks found of a model as it came: it is asked with the runs that were trained from it. */
export function TaskResults({ table }: { table: EvaluationTable }) {
  return (
    <Card title="Evaluations">
      {table.rows.length === 0 ? (
        <p className="text-soft">
          Nothing has been evaluated yet. Evaluate a run that was trained from this model: both are asked the same
          tasks.
        </p>
      ) : (
        <EvaluationTableView table={table} />
      )}
    </Card>
  );
}
