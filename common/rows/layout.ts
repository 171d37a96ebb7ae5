// A row of somebody else's layout, as the layouts give it to the reader.

export type Columns = Record<string, unknown>;

/** A row in TRL's columns, and from which columns of its own it was made. */
export interface Layout {
  name: string;
  uses: string[];
  row: Columns;
  /** What should be known of how it is read. */
  remark?: string;
}
