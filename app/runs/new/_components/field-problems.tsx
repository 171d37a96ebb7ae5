import type { Problem } from "@/spec/errors";

/** Sentences about fields, each with a link to its field. */
export function FieldProblems({ label, tone, problems }: { label: string; tone: string; problems: Problem[] }) {
  return (
    <ul className={`grid gap-1 ${tone}`} aria-label={label}>
      {problems.map(({ path, message }) => (
        <li key={`${path}${message}`}>
          <a href={`#field-${path}`} className="underline">
            {path}
          </a>
          : {message}
        </li>
      ))}
    </ul>
  );
}
