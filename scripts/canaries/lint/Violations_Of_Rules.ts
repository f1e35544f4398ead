// Every line here breaks a rule on purpose; a test expects each to be caught.
import { Cluster } from "./elsewhere.ts";
import { KubeConfig } from "@kubernetes/client-node";

interface Loose {
  value: any;
}

// @ts-ignore
export function tooMuch(a: Cluster, b: Loose | undefined, c: "x" | "y", d: KubeConfig): unknown {
  console.log(process.env["HOME"], b!.value, d);
  Promise.resolve(a);
  // TODO: later
  try {
    [1].forEach(async () => {
      await Promise.resolve();
    });
  } catch {}
  switch (c) {
    case "x":
      throw "text";
  }
  if (a) {
    if (b) {
      if (c) {
        if (d) return 1;
      }
    }
  }
  return a && b && c && d && (a || b || c || d) && (a ? b : c) && (b ? c : d);
}

export default tooMuch;
