import type { Problem } from "@/spec/errors";
import { Sentence } from "../../../ui/sentence";

interface Props {
  label: string;
  tone: string;
  problems: Problem[];
  /** What the form calls a field. */
  nameOf: (path: string) => string;
}

/** Sentences about fields, each with a link to its field. */
export function FieldProblems({ label, tone, problems, nameOf }: Props) {
  return (
    <ul className={`grid gap-1 ${tone}`} aria-label={label}>
      {problems.map(({ path, message }) => (
        <li key={`${path}${message}`} className="break-words">
          <a href={`#field-${path}`} className="underline">
            {nameOf(path)}
          </a>
          {/^(must|usually) /.test(message) ? " " : ": "}
          <Sentence text={message} />
        </li>
      ))}
    </ul>
  );
}
