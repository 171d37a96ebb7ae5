import { useQuery } from "@tanstack/react-query";
import { evaluationTable } from "@/lib/evaluations/evaluation-schema";
import type { ComparedRun } from "@/lib/runs/compare/compare-schema";
import { request } from "../../_client/checked-fetch";
import { Card, Problem } from "../../ui/cards";
import { EvaluationTableView } from "../../ui/evaluation-table";

/** What standard tasks say of the runs and of the models that they were trained from. */
export function Evaluations({ runs }: { runs: ComparedRun[] }) {
  const ids = runs.map(({ id }) => id).join(",");
  const { data, error } = useQuery({
    queryKey: ["evaluations", ids],
    queryFn: () => request(`/api/compare/evaluations?runs=${ids}`, evaluationTable),
  });
  return (
    <Card title="Evaluations">
      {error && <Problem error={error} />}
      {data &&
        (data.rows.length === 0 ? (
          <p className="text-soft">None of these runs has been evaluated yet: a run's Evaluations tab does it.</p>
        ) : (
          <EvaluationTableView table={data} />
        ))}
    </Card>
  );
}
