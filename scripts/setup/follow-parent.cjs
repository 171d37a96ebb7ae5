// Preloaded into the web server, the runner and what they start: they end when their parent is gone, even if it was killed.
// Watched from a thread of its own, since mathematics may keep the main one busy for minutes.
const { isMainThread, Worker } = require("node:worker_threads");

if (isMainThread) {
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, "SIGTERM"), 1000)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
