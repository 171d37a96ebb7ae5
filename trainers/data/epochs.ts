/** What each epoch holds: the same rows every time, or as many others. */
export type Rows<Row> = Row[] | Epochs<Row>;

interface Epochs<Row> {
  /** Rows of an epoch. */
  length: number;
  of(epoch: number): Row[];
}

export const epochOf = <Row>(rows: Rows<Row>, epoch: number): Row[] => (Array.isArray(rows) ? rows : rows.of(epoch));
