import { buttonClass } from "../../ui/buttons";

const two = (number: number) => String(number).padStart(2, "0");
/** In the server's time zone, as the report has its days. */
const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** What people are paid by, as a file; of this month, unless other days are chosen. */
export function WorkReport({ now }: { now: Date }) {
  const firstOfMonth = new Date(now.getFullYear(), now.getMonth(), 1);
  const days = { from: dayOf(firstOfMonth), to: dayOf(now) };
  return (
    <form action="/api/team/work/export" data-needs="administer" className="mt-6 flex flex-wrap items-end gap-3">
      <p className="w-full text-soft">
        Records and active time of each person, by dataset and day: what annotators are paid by.
      </p>
      {(["from", "to"] as const).map((name) => (
        <label key={name} className="grid gap-1 text-sm">
          {name === "from" ? "From" : "To"}
          <input
            type="date"
            name={name}
            required
            defaultValue={days[name]}
            className="rounded-md border bg-canvas px-2 py-1.5"
          />
        </label>
      ))}
      <button type="submit" className={buttonClass()}>
        Download work report (CSV)
      </button>
    </form>
  );
}
