// Queries of requests that come by the hundred: drizzle takes longer to write the SQL of one than SQLite takes to answer it.
import { appDb, type Db } from "./client";

/** A query of app.db that is written once a connection; its values are placeholders. */
export function prepared<Query>(write: (db: Db) => Query): () => Query {
  const written = new WeakMap<Db, Query>();
  return () => {
    const db = appDb();
    const query = written.get(db) ?? write(db);
    written.set(db, query);
    return query;
  };
}
