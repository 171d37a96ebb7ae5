// For `npm run db:generate`: app.db, with DB=metrics metrics.db.
import { defineConfig } from "drizzle-kit";

const metrics = process.env.DB === "metrics";

export default defineConfig({
  dialect: "sqlite",
  casing: "snake_case",
  schema: metrics ? "./lib/db/metrics-schema.ts" : "./lib/db/tables/*.ts",
  out: metrics ? "./lib/db/migrations/metrics" : "./lib/db/migrations/app",
});
