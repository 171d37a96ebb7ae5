import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RunDetail } from "@/lib/runs/run-schema";
import { type QuantisedForm, quantisedReport } from "@/spec/reports";
import { request, send } from "../../../_client/checked-fetch";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { number } from "../../../ui/format";
import { type Column, Table } from "../../../ui/table";

const queryKey = (id: string) => ["quantised", id];
const answer = quantisedReport.nullable();

/** How a run's model does in each type of a GGUF file, against its unrounded weights. */
export function QuantisedCard({ run: { id, adapter } }: { run: RunDetail }) {
  const client = useQueryClient();
  const path = `/api/runs/${id}/quantised`;
  const { data, error } = useQuery({ queryKey: queryKey(id), queryFn: () => request(path, answer) });
  const measure = useMutation({
    mutationFn: () => send("POST", path, {}, quantisedReport),
    onSuccess: (report) => client.setQueryData(queryKey(id), report),
  });
  const problem = error ?? measure.error;
  return (
    <Card title="After quantisation">
      <p className="max-w-prose text-soft">
        What llama.cpp will run is rounded. Each type of a GGUF file, and each folder on Models that{" "}
        <code>workbench pack</code> made of this run, is measured against the unrounded model: how far the distribution
        of the next token moves along the model's own answers, how well it still predicts general text, and how its
        answers score.
      </p>
      <p className="my-3 flex items-center gap-3">
        <Button data-needs="write" disabled={!adapter || measure.isPending} onClick={() => measure.mutate()}>
          {data ? "Measure again" : "Measure"}
        </Button>
        <span role="status" className="text-soft">
          {!adapter && "There is no adapter yet."}
          {measure.isPending && "Measuring; the jobs menu shows how far it is."}
        </span>
      </p>
      {problem && <Problem error={problem} />}
      {data && <Forms forms={data.forms} prompts={data.prompts} />}
    </Card>
  );
}

function Forms({ forms, prompts }: { forms: QuantisedForm[]; prompts: number }) {
  const scored = (
    [
      ["gold", "Oracle reward"],
      ["reward", "Reward"],
      ["winRate", "Win rate"],
    ] as const
  ).filter(([name]) => forms.some((form) => form[name] !== null));
  const isUnrounded = ({ type }: QuantisedForm) => type === "float32";
  const figure = (name: string, cell: (form: QuantisedForm) => string, unit?: string): Column<QuantisedForm> => ({
    ...{ name, cell, numeric: true },
    ...(unit !== undefined && { unit }),
  });
  const columns = [
    { name: "Weights", cell: ({ type }: QuantisedForm) => <span className="font-mono text-xs">{type}</span> },
    figure("Size", ({ bytes }) => number(bytes / 1e6, 1), "MB"),
    figure("KL", (form) => (isUnrounded(form) ? "–" : spread(form.kl, 5)), "nats a token"),
    figure("Same next token", ({ sameTop }) => `${(100 * sameTop).toFixed(1)} %`),
    figure("Perplexity", ({ perplexity }) => number(perplexity, 2)),
    ...scored.map(([name, title]) =>
      figure(title, (form) => (name === "winRate" && isUnrounded(form) ? "–" : spread(form[name], 2))),
    ),
  ];
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="After quantisation: table">
      <p className="pb-1 text-soft text-xs">{prompts} prompts; ± one standard error</p>
      <Table rows={forms} keyOf={({ type }) => type} columns={columns} className="min-w-[40rem]" />
    </section>
  );
}

const spread = (value: { mean: number; se: number } | null, digits: number): string =>
  value === null ? "–" : `${number(value.mean, digits)} ± ${number(value.se, digits)}`;
