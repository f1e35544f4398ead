// Whether a process of Drover can do its work, for the healthcheck of a container:
//   node health.mjs http://127.0.0.1:3000/api/readyz    asks; a 2xx answer is health
//   node health.mjs /var/lib/drover/kubeconfig           looks whether the file is there
import { existsSync } from "node:fs";

for (const what of process.argv.slice(2)) {
  const isHealthy = what.startsWith("http") ? await answers(what) : existsSync(what);
  if (!isHealthy) {
    process.stderr.write(`${what} is not there yet.\n`);
    process.exit(1);
  }
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(4000) })).ok;
  } catch {
    // Not listening yet, or no longer.
    return false;
  }
}
