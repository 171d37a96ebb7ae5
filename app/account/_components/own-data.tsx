import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";

/** Everything that is stored about whoever looks at the page. */
export const OwnData = () => (
  <Card
    title="Your data"
    action={
      <a href="/api/me/export" download className={`shrink-0 ${buttonClass()}`}>
        Export
      </a>
    }
  >
    <p className="max-w-[75ch] text-soft text-sm">
      Everything that is stored about you, as JSON: account and sessions, annotations, comments, assigned work, runs,
      and what the audit log says of you. An owner of the workbench can erase you: your annotations stay, under a
      made-up name.
    </p>
  </Card>
);
