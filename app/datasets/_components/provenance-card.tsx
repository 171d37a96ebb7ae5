import type { Provenance } from "@/lib/datasets/add/provenance";
import { annotatorNames } from "@/lib/people/annotator-names";
import { sizeWords } from "@/lib/storage/storage-schema";
import type { RowMapping } from "@/spec/row-mapping";
import { Card } from "../../ui/cards";
import { When } from "../../ui/when";

/** Where the records came from: each import with its files, how they were read, who brought them and when. */
export function ProvenanceCard({ imports }: { imports: Provenance[] }) {
  if (imports.length === 0) return null;
  const names = annotatorNames();
  return (
    <Card title="Provenance">
      <ul className="grid gap-4">
        {imports.map((one) => (
          <Import key={one.at} {...one} by={typeof one.by === "number" ? names.get(one.by)! : one.by} />
        ))}
      </ul>
    </Card>
  );
}

function Import({ files, hub, mapping, by, at }: Provenance) {
  return (
    <li className="min-w-0">
      <p>
        Added by {by}, <When at={at} />
        {hub && (
          <>
            , from{" "}
            <span className="break-all font-mono text-xs">
              {hub.id}@{hub.revision}
            </span>{" "}
            ({hub.config ? `${hub.config}, ` : ""}
            {hub.split}) at {hub.endpoint}
          </>
        )}
        .
      </p>
      {mapping && <p className="break-words text-soft">Read as: {mappingWords(mapping)}.</p>}
      <ul className="mt-1 grid gap-1 text-xs">
        {files.map(({ path, bytes, sha256 }) => (
          <li key={path} className="break-all">
            <span className="font-mono">{path}</span> <span className="numbers text-soft">{sizeWords(bytes)}</span>{" "}
            <span className="text-soft">
              SHA-256 <code className="font-mono">{sha256}</code>
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function mappingWords({ columns, turn, speakers = {} }: RowMapping): string {
  return [
    ...Object.entries(columns).map(([name, role]) => (role === "ignore" ? `${name} left out` : `${name} as ${role}`)),
    ...(turn ? [`turns by ${turn.role} and ${turn.content}`] : []),
    ...Object.entries(speakers).map(([name, speaker]) => `${name} is the ${speaker}`),
  ].join(", ");
}
