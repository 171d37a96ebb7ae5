import type { JudgeDto } from "@/lib/annotation/agreement/agreement-schema";
import { dollarWords } from "@/lib/endpoints/endpoint-schema";
import { shareWords } from "../../../ui/format";
import { Table } from "../../../ui/table";

const percent = (share: number) => (100 * share).toFixed(0);

/** Agreement with people, reliability, order and cost of each model that judges here. */
export function JudgeTable({ judges }: { judges: JudgeDto[] }) {
  const gold = {
    name: "Gold accuracy",
    cell: (judge: JudgeDto) => shareWords(judge.gold),
  };
  return (
    <section className="relative overflow-x-auto" tabIndex={0} aria-label="Judges: table">
      <Table
        className="min-w-[56rem]"
        rows={judges}
        keyOf={({ id }) => id}
        columns={[
          { name: "Name", cell: ({ name }) => name },
          { name: "Judged", numeric: true, cell: ({ judged }) => judged.toLocaleString("en") },
          { name: "Ties", numeric: true, cell: ({ ties }) => ties.toLocaleString("en") },
          { name: "Agreement with people", cell: ({ agreement }) => shareWords(agreement) },
          {
            name: "Reliability",
            cell: ({ reliability: r }) =>
              r === null ? "–" : `${percent(r.value)} % (${percent(r.low)} to ${percent(r.high)})`,
          },
          ...(judges.some((judge) => judge.gold) ? [gold] : []),
          { name: "Same in both orders", cell: ({ consistency }) => shareWords(consistency) },
          { name: "Chose what was shown first", cell: ({ left }) => shareWords(left) },
          { name: "Cost", numeric: true, cell: ({ cost }) => dollarWords(cost) },
        ]}
      />
      <p className="mt-2 max-w-[100ch] text-soft text-xs">
        Judges are models: what they say is no vote of a person. Where both orders disagree the vote is a tie.
        Reliability is the estimated probability that a judge which takes a side picks the better response, told from
        how it agrees with people, with a 95 % interval (Laplace's approximation); shares have Wilson's.
      </p>
    </section>
  );
}
