import type { NamedPlace } from "@/lib/personal-data/erase-schema";
import { Table } from "../../ui/table";

/** Where a name stands in what people wrote. */
export const NamedPlaces = ({ places }: { places: NamedPlace[] }) => (
  <Table
    rows={places}
    keyOf={({ what }) => what}
    columns={[
      { name: "In", cell: ({ what }) => what },
      { name: "Name alone", numeric: true, cell: ({ words }) => words.toLocaleString("en") },
      {
        name: "In a longer word",
        about: "such as NAME-dpo-1",
        numeric: true,
        cell: ({ parts }) => parts.toLocaleString("en"),
      },
    ]}
  />
);
