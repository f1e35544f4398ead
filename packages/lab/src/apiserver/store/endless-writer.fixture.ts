import { ObjectStore } from "./object-store.ts";

// Writes one object after the other and says each number once its write has returned.
const store = new ObjectStore({ dataDir: process.argv[2] ?? "" });
for (let number = 1; number <= 100_000; number += 1) {
  store.put("things", { apiVersion: "v1", kind: "Thing", metadata: { name: `t${number}` } });
  process.stdout.write(`${number}\n`);
}
