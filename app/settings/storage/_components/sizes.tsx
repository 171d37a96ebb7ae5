import { sizeWords } from "@/lib/storage/storage-schema";
import { Table } from "../../../ui/table";

interface Props<Kind extends string> {
  label: string;
  kinds: Record<Kind, { label: string; about: string }>;
  sizes: Record<Kind, number>;
}

/** Sizes by kind; kinds of which there is nothing are left out. */
export function Sizes<Kind extends string>({ label, kinds, sizes }: Props<Kind>) {
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label={`${label}: table`}>
      <Table
        rows={(Object.keys(kinds) as Kind[]).filter((kind) => sizes[kind] > 0)}
        keyOf={(kind) => kind}
        columns={[
          { name: "Kind", cell: (kind) => kinds[kind].label },
          {
            name: "Size",
            numeric: true,
            cell: (kind) => <span className="whitespace-nowrap">{sizeWords(sizes[kind])}</span>,
          },
          { name: "What it is", cell: (kind) => <span className="text-soft">{kinds[kind].about}</span> },
        ]}
      />
    </section>
  );
}
