import type { GuidelineVersionDto } from "@/lib/annotation/guidelines/guidelines-schema";
import { Card } from "../../../../ui/cards";
import { When } from "../../../../ui/when";

/** What the guidelines were, newest first, and how many people said to have read each. */
export function GuidelineVersions({ versions }: { versions: GuidelineVersionDto[] }) {
  if (versions.length === 0) return null;
  return (
    <Card title="Versions of the guidelines">
      <ul className="divide-y">
        {versions.map(({ number, guidelines, asks, who, at, agreed }) => (
          <li key={number} className="py-1.5">
            <details>
              <summary>
                <span className="numbers">Version {number}</span>
                {who ? `, by ${who}` : ", from another dataset"}, <When at={at} />
                <span className="numbers text-soft">
                  ; {asks || agreed > 0 ? `read and agreed by ${agreed.toLocaleString("en")}` : "nobody was asked"}
                </span>
              </summary>
              <p dir="auto" className="wrap-anywhere mt-1 whitespace-pre-wrap border-l-2 pl-3">
                {guidelines || "No guidelines."}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
}
