import type { PipelineStep } from "@/lib/runs/pipeline";

interface Props {
  steps: PipelineStep[];
  /** Names of the datasets. */
  data: Record<PipelineStep["data"], string>;
  base: string;
}

const box = { width: 190, height: 54, across: 250, down: 84 };

interface Node {
  key: string;
  title: string;
  about: string;
  column: number;
  row: number;
}

/** Runs as boxes from left to right, with arrows from what they take something from. What it shows is told in words under it too. */
export function PipelineGraph({ steps, data, base }: Props) {
  const nodes = nodesOf(steps, data, base);
  const at = new Map(nodes.map((node) => [node.key, node]));
  const edges = steps.flatMap(({ key, uses }) => [
    ...(uses.some(isStart) ? [] : [{ from: "base", to: key }]),
    ...drawn(uses).map((use) => ({ from: use.key as string, to: key as string })),
  ]);
  const [width, height] = [
    Math.max(...nodes.map(({ column }) => column)) * box.across + box.width + 2,
    Math.max(...nodes.map(({ row }) => row)) * box.down + box.height + 2,
  ];
  const x = ({ column }: Node) => column * box.across + 1;
  const y = ({ row }: Node) => row * box.down + 1;
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label="Graph of the runs">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ maxWidth: width }}
        className="w-full min-w-[34rem] text-ink"
        aria-hidden="true"
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" fill="var(--soft)" />
          </marker>
        </defs>
        {edges.map(({ from, to }) => {
          const [a, b] = [at.get(from)!, at.get(to)!];
          const [x1, y1, x2, y2] = [x(a) + box.width, y(a) + box.height / 2, x(b), y(b) + box.height / 2];
          const bend = (x2 - x1) / 2;
          const path =
            a.column === b.column
              ? `M ${x(a) + box.width / 2} ${y(a) + box.height} L ${x(b) + box.width / 2} ${y(b)}`
              : `M ${x1} ${y1} C ${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
          return <path key={`${from} ${to}`} d={path} fill="none" stroke="var(--soft)" markerEnd="url(#arrow)" />;
        })}
        {nodes.map((node) => (
          <g key={node.key}>
            <rect
              x={x(node)}
              y={y(node)}
              width={box.width}
              height={box.height}
              rx="6"
              fill="var(--raised)"
              stroke="var(--line)"
            />
            <text x={x(node) + 10} y={y(node) + 22} fontSize="13" fontWeight="600" fill="currentColor">
              {node.title}
            </text>
            <text x={x(node) + 10} y={y(node) + 41} fontSize="11" fill="var(--soft)">
              {node.about.length > 30 ? `${node.about.slice(0, 29)}…` : node.about}
            </text>
          </g>
        ))}
      </svg>
      <ol className="mt-3 list-decimal pl-5">
        {steps.map(({ key, name, data: from, uses, config }) => (
          <li key={key}>
            <span className="font-medium">{name}</span>
            <span className="text-soft">
              {" "}
              on {data[from]}, {Number(config.maxSteps)} steps
              {drawn(uses)
                .map(({ key: other, as }) => `; ${as} ${steps.find((one) => one.key === other)!.name}`)
                .join("")}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const isStart = ({ as }: PipelineStep["uses"][number]) => as === "trains" || as === "starts from";

/** What starts from SFT gets its base from there too: one arrow says so. */
const drawn = (uses: PipelineStep["uses"]) =>
  uses.some(({ as }) => as === "starts from") ? uses.filter(({ as }) => as !== "trains") : uses;

function nodesOf(steps: PipelineStep[], data: Props["data"], base: string): Node[] {
  const has = (key: string) => steps.some((step) => step.key === key);
  const before = has("pretraining") ? 1 : 0;
  const first = before + (has("sft") ? 1 : 0);
  const policies = steps.filter(({ key }) => !["pretraining", "sft", "reward"].includes(key));
  const place = ({ key }: PipelineStep): [column: number, row: number] => {
    if (key === "pretraining") return [1, 0];
    if (key === "sft") return [first, 0];
    if (key === "reward") return [first + 1, policies.length]; // below the arrows from SFT to the policies
    return [first + 2, policies.findIndex((one) => one.key === key)];
  };
  return [
    { key: "base", title: "Base model", about: base, column: 0, row: 0 },
    ...steps.map((step): Node => {
      const [column, row] = place(step);
      return { key: step.key, title: titles[step.key], about: data[step.data], column, row };
    }),
  ];
}

const titles: Record<PipelineStep["key"], string> = {
  ...{ pretraining: "Pre-training", sft: "SFT", reward: "Reward model", dpo: "DPO", ppo: "PPO", grpo: "GRPO" },
};
