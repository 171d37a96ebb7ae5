import type { KnownModel } from "@/lib/models/models-schema";
import { Card } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { modelPage } from "../../model-path";
import { stageWords } from "../../stage-words";

/** The base, what was trained from it on the way to the model, the model, and what was trained from that. */
export function FamilyTree({ line, shown }: { line: KnownModel[]; shown: string }) {
  return (
    <Card title="Lineage">
      <ol className="grid gap-1">
        {line.map(({ id, name, about, stage, data, depth }) => (
          <li key={id} style={{ paddingInlineStart: `${depth * 1.25}rem` }} className="min-w-0">
            {id === shown ? (
              <strong aria-current="page">{name}</strong>
            ) : (
              <Link href={modelPage(id)} className="underline">
                {name}
              </Link>
            )}{" "}
            <span className="text-soft text-sm">
              {[stage && stageWords[stage], depth > 0 && about, data && `on ${data.name}`].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
