// Parts of a Parquet file, read in a thread of its own: a damaged count can send the decoder on for hours or out of memory, and then ends
// this thread alone. Plain JavaScript, since Node starts it as it is. The first message says what row groups there are.
import { parentPort, workerData } from "node:worker_threads";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { boundedCompressors } from "./bounded-compressors.mjs";
import { plain } from "./plain.mjs";

const because = (error) => (error instanceof Error ? error.message : String(error)).slice(0, 100);

function stands([name, ...rest], schema) {
  if (name === undefined) return true;
  const child = schema.children.find(({ element }) => element.name === name);
  return child !== undefined && stands(rest, child);
}

/**
 * Whether each column has a value for each row, since rows are made room for before they are read, and stands in the schema: a column that
 * does not is found when the others are being read already, and what goes wrong with those would then reach nobody.
 */
const isPlausible = ({ num_rows, columns }, schema) =>
  num_rows >= 0n &&
  columns.length > 0 &&
  columns.every((column) => {
    const { num_values, path_in_schema } = column.meta_data ?? {};
    return num_values >= num_rows && stands(path_in_schema, schema);
  });

try {
  const file = await asyncBufferFromFile(workerData);
  const metadata = await parquetMetadataAsync(file);
  const schema = parquetSchema(metadata);
  const groups = metadata.row_groups.map((group) => ({
    rows: Number(group.num_rows),
    bytes: Math.max(1, Number(group.total_byte_size ?? 1)),
    plausible: isPlausible(group, schema),
  }));
  parentPort.on("message", async ({ start, end }) => {
    try {
      const rows = await parquetReadObjects({
        file,
        metadata,
        rowStart: start,
        rowEnd: end,
        useOffsetIndex: true,
        compressors: boundedCompressors,
      });
      parentPort.postMessage({ rows: rows.map(plain) });
    } catch (error) {
      parentPort.postMessage({ error: because(error) });
    }
  });
  parentPort.postMessage({ groups });
} catch (error) {
  parentPort.postMessage({ error: because(error) });
}
