import type { RaterDto } from "@/lib/annotation/agreement/agreement-schema";
import { shareWords } from "../../../ui/format";
import { type Column, Table } from "../../../ui/table";

const inBrief: Column<RaterDto>[] = [
  { name: "Name", cell: ({ name }) => name },
  { name: "Annotated", numeric: true, cell: ({ judged }) => judged.toLocaleString("en") },
  { name: "Median time", numeric: true, cell: ({ seconds }) => `${seconds.toFixed(1)} s` },
  { name: "Agreement with others", cell: ({ agreement }) => shareWords(agreement) },
];

/** Who annotated how much, how fast, and how often others said the same. */
export const AnnotatorSummary = ({ raters }: { raters: RaterDto[] }) => (
  <div className="relative overflow-x-auto">
    <Table className="min-w-[30rem]" rows={raters} keyOf={({ id }) => id} columns={inBrief} />
  </div>
);

/** Columns of checks that nobody was given are left out. */
function columnsFor(raters: RaterDto[], single: boolean): Column<RaterDto>[] {
  const gold: Column<RaterDto> = { name: "Gold accuracy", cell: (rater) => shareWords(rater.gold) };
  const mirror: Column<RaterDto> = {
    name: single ? "Consistency" : "Consistency (swapped)",
    cell: (rater) => shareWords(rater.mirror),
  };
  return [
    ...inBrief,
    {
      name: "Reliability",
      numeric: true,
      cell: ({ reliability }) => (reliability === null ? "–" : `${(100 * reliability).toFixed(0)} %`),
    },
    ...(raters.some((rater) => rater.gold) ? [gold] : []),
    ...(raters.some((rater) => rater.mirror) ? [mirror] : []),
    single
      ? { name: "Said good", cell: ({ left }) => shareWords(left) }
      : { name: "Position bias (chose left)", cell: ({ left }) => <Bias left={left} /> },
  ];
}

const Bias = ({ left }: Pick<RaterDto, "left">) => (
  <>
    {shareWords(left)}
    {left && (left.low > 0.5 || left.high < 0.5) && <span className="ml-2 text-warn">biased</span>}
  </>
);

/** Pace, agreement, reliability and position bias of each annotator; of single answers how many they found good. */
export function AnnotatorTable({ raters, single }: { raters: RaterDto[]; single: boolean }) {
  return (
    <div className="relative overflow-x-auto">
      <Table className="min-w-[40rem]" rows={raters} keyOf={({ id }) => id} columns={columnsFor(raters, single)} />
      <p className="mt-2 text-soft text-xs">
        In brackets: Wilson 95 % intervals. {single ? "" : "Sides are random, so 50 % left is expected. "}Reliability is
        the estimated probability that an annotator {single ? "is right about an answer" : "picks the better answer"}{" "}
        (Dawid and Skene 1979, with a prior of 75 %). The probability of each label follows from it: exports call it{" "}
        {single ? "p_label." : "p_chosen, and training can use it as the label's confidence."}
      </p>
    </div>
  );
}
