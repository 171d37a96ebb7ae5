"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { modelFactsQuery, trainingSetsQuery } from "@/app/_client/queries";
import type { ChosenSet } from "@/lib/runs/chosen-sets";
import { setKey, type TrainingSet } from "@/lib/runs/run-schema";
import { type ChatTemplateName, chatTemplates } from "@/spec/chat-templates";
import type { TemplateProblem } from "@/spec/reports";
import { DataSelect } from "../../../../runs/new/_components/pickers";
import { Card, Problem } from "../../../../ui/cards";
import { sayWithUndo } from "../../../../ui/toast";
import { useHydrated } from "../../../../ui/use-hydrated";
import { useSettled } from "../../../../ui/use-settled";
import { RenderedRows } from "./rendered-rows";
import { renderedRowsQuery } from "./rendered-rows-query";
import { SaveModel } from "./save-model";

interface Props {
  source: string;
  name: string;
}

/** The template's text beside the rows of a dataset in it, which follow what is typed. */
export function TemplateEditor({ source, name }: Props) {
  const { data: facts, error } = useQuery(modelFactsQuery(source));
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const filled = sets.filter(({ rows }) => rows > 0);
  if (error) return <Problem error={error} />;
  if (!facts) return <p className="text-soft">Reading its template…</p>;
  return <Editor source={source} name={name} own={facts.template.source} sets={filled} />;
}

function Editor({ source, name, own, sets }: Props & { own: string | null; sets: TrainingSet[] }) {
  const hydrated = useHydrated();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(own ?? chatTemplates.zephyr);
  const [key, setKeyOfSet] = useState(sets[0] ? setKey(sets[0]) : "");
  const settled = useSettled(text, 500);
  const set = sets.find((one) => setKey(one) === key);
  const isBlank = settled.trim() === "";
  const rendered = useQuery({
    ...renderedRowsQuery(source, settled, { kind: set?.kind, id: set?.id } as ChosenSet),
    enabled: set !== undefined && !isBlank,
  });
  const isCurrent = settled === text && !rendered.isFetching;
  const problem = isCurrent ? (rendered.data?.problem ?? null) : null;

  const replace = (next: string, by: string) => {
    if (next === text) return;
    const before = text;
    setText(next);
    void sayWithUndo(`${by} is in the editor`, () => setText(before), 10_000);
  };
  const showLine = (line: number) => {
    const start =
      text
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    const end = text.indexOf("\n", start);
    area.current?.focus();
    area.current?.setSelectionRange(start, end < 0 ? text.length : end);
  };
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="grid min-w-0 content-start gap-4">
        <Card title={<label htmlFor="template">Jinja source</label>} action={<Ready own={own} onChoose={replace} />}>
          <textarea
            id="template"
            ref={area}
            value={text}
            disabled={!hydrated}
            onChange={(event) => setText(event.target.value)}
            spellCheck={false}
            rows={18}
            aria-invalid={problem !== null}
            aria-describedby="template-problem"
            className="w-full resize-y rounded-md border bg-canvas p-3 font-mono text-xs leading-5 [font-variant-ligatures:none] aria-invalid:border-bad"
          />
          <div id="template-problem" aria-live="polite" className="mt-1 min-h-10 text-sm">
            {isBlank ? (
              <p className="text-bad">A template is needed: begin with one of those above.</p>
            ) : (
              problem && <Wrong problem={problem} onLine={showLine} />
            )}
          </div>
        </Card>
        <SaveModel
          source={source}
          name={name}
          template={text}
          isReady={isCurrent && !problem && !isBlank && text !== own}
        />
      </div>
      <Card title="Rows in this template" className="content-start">
        {sets.length === 0 ? (
          <p className="text-soft">There is no dataset with rows yet; import one or annotate some records.</p>
        ) : (
          <DataSelect label="Dataset" sets={sets} value={key} onChange={setKeyOfSet} />
        )}
        <RenderedRows rendered={rendered} isCurrent={isCurrent} />
      </Card>
    </div>
  );
}

/** Templates to begin with. */
function Ready({ own, onChoose }: { own: string | null; onChoose: (text: string, by: string) => void }) {
  const choose = (chosen: string) => {
    if (chosen === "own" && own !== null) onChoose(own, "The model's own template");
    else if (chosen in chatTemplates) onChoose(chatTemplates[chosen as ChatTemplateName], chosen);
  };
  return (
    <select
      aria-label="Replace it with"
      value=""
      onChange={(event) => choose(event.target.value)}
      className="min-w-0 rounded-md border bg-canvas px-2 py-1.5 text-sm"
    >
      <option value="">Replace it with…</option>
      {own !== null && <option value="own">the model's own</option>}
      {Object.keys(chatTemplates).map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Wrong({ problem: { line, message }, onLine }: { problem: TemplateProblem; onLine: (line: number) => void }) {
  return (
    <p className="text-bad">
      {line !== null && (
        <button type="button" className="underline" onClick={() => onLine(line)}>
          Line {line}
        </button>
      )}
      {line !== null && ": "}
      {message}
    </p>
  );
}
