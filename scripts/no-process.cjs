// Stands in for Node's `process` in a browser (next.config.mjs).
module.exports = { env: {} };
