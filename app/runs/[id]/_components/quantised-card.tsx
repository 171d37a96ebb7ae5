import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RunDetail } from "@/lib/runs/run-schema";
import { type QuantisedForm, quantisedReport } from "@/spec/reports";
import { request, send } from "../../../_client/checked-fetch";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { number } from "../../../ui/format";

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
        What llama.cpp will run is rounded. Each type of a GGUF file is measured against the unrounded model: how far
        the distribution of the next token moves along the model's own answers, how well it still predicts general text,
        and how its answers score.
      </p>
      <p className="my-3 flex items-center gap-3">
        <Button disabled={!adapter || measure.isPending} onClick={() => measure.mutate()}>
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
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="After quantisation: table">
      <table className="numbers w-full min-w-[40rem]">
        <caption className="pb-1 text-left text-soft text-xs">{prompts} prompts; ± one standard error</caption>
        <thead className="text-left text-soft text-xs">
          <tr>
            <th className="font-medium">Weights</th>
            <th className="text-right font-medium">Size, MB</th>
            <th className="text-right font-medium">KL, nats a token</th>
            <th className="text-right font-medium">Same next token</th>
            <th className="text-right font-medium">Perplexity</th>
            {scored.map(([name, title]) => (
              <th key={name} className="text-right font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {forms.map((form) => (
            <tr key={form.type} className="border-t">
              <td className="py-1 font-mono text-xs">{form.type}</td>
              <td className="text-right">{number(form.bytes / 1e6, 1)}</td>
              <td className="text-right">{form.type === "float32" ? "–" : spread(form.kl, 5)}</td>
              <td className="text-right">{(100 * form.sameTop).toFixed(1)} %</td>
              <td className="text-right">{number(form.perplexity, 2)}</td>
              {scored.map(([name]) => (
                <td key={name} className="text-right">
                  {name === "winRate" && form.type === "float32" ? "–" : spread(form[name], 2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const spread = (value: { mean: number; se: number } | null, digits: number): string =>
  value === null ? "–" : `${number(value.mean, digits)} ± ${number(value.se, digits)}`;
