// Evaluations of models, a metric a row: each run beside the model that it was trained from.
import type { EvaluationCell, EvaluationTable } from "@/lib/evaluations/evaluation-schema";
import { type EvaluationSettings, ownTasks } from "@/spec/evaluations";
import { number } from "./format";
import { type Column, Table } from "./table";

type Row = EvaluationTable["rows"][number];

export function EvaluationTableView({ table: { models, rows } }: { table: EvaluationTable }) {
  const columns: Column<Row>[] = [
    { name: "Task", cell: (row) => <TaskName row={row} /> },
    {
      name: "Metric",
      cell: ({ metric, higherIsBetter }) => (
        <span title={higherIsBetter === null ? metric : `${metric}; ${higherIsBetter ? "higher" : "lower"} is better`}>
          {metric.replaceAll("_", " ").replace(",", ", ")}
          {higherIsBetter !== null && <span className="text-soft"> {higherIsBetter ? "↑" : "↓"}</span>}
        </span>
      ),
    },
    ...models.map(
      ({ name, run }, i): Column<Row> => ({
        ...{ name: `${name}${run === null ? " (base)" : ""}`, unit: "± standard error", numeric: true },
        cell: (row) => <Cell cell={row.cells[i]!} isShare={row.isShare} />,
      }),
    ),
  ];
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="Evaluations: table">
      <Table
        rows={rows}
        keyOf={({ task, metric, settings }) => JSON.stringify([task, metric, settings])}
        columns={columns}
        className="min-w-[40rem]"
      />
      <p className="mt-2 max-w-prose text-soft text-xs">
        Δ is the difference from the model that a run was trained from, with its 95 % interval: over the rows of the
        task where its metric is a mean of rows, since both models were asked the same ones.
      </p>
    </section>
  );
}

function TaskName({ row: { task, settings } }: { row: Row }) {
  const own = Object.entries(ownTasks).find(([name]) => name === task)?.[1];
  return (
    <span title={own?.about}>
      {own?.label ?? task}
      <span className="block font-normal text-soft text-xs">{settingsWords(settings)}</span>
    </span>
  );
}

export const settingsWords = ({ folder, limit, fewShot, chatTemplate, preferences }: EvaluationSettings): string =>
  [
    limit === null ? "all rows" : `the first ${limit} rows`,
    fewShot !== null && `${fewShot} examples`,
    !chatTemplate && "plain prompts",
    folder !== null && `with ${folder}`,
    preferences && preferences.heldOut > 0 && "held-out prompts",
    preferences && preferences.category !== "subset" && `by ${preferences.category}`,
  ]
    .filter(Boolean)
    .join(", ");

function Cell({ cell, isShare }: { cell: EvaluationCell | null; isShare: boolean }) {
  if (cell === null) return <span className="text-soft">–</span>;
  const { value, error, n, step, difference } = cell;
  const words = (one: number) => (isShare ? (100 * one).toFixed(1) : number(one));
  const unit = isShare ? " %" : "";
  const title = `${n} rows${step === null ? "" : `, after step ${step}`}`;
  return (
    <span title={title}>
      {words(value)}
      {error !== null && ` ± ${words(error)}`}
      {unit}
      {difference && (
        <span className={`block text-xs ${colours[String(difference.better) as keyof typeof colours]}`}>
          Δ {difference.delta > 0 && "+"}
          {words(difference.delta)}
          {difference.half !== null && ` ± ${words(difference.half)}`}
          {unit}
          {difference.better !== null && (difference.better ? " better" : " worse")}
        </span>
      )}
    </span>
  );
}

const colours = { true: "text-good", false: "text-bad", null: "text-soft" };
