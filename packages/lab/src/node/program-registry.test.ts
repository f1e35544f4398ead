import { expect, test } from "vitest";
import { programRegistry } from "./program-registry.ts";

const program = async (): Promise<number> => 0;
const registry = programRegistry({
  "quay.io/drover/transfer": program,
  "localhost:5000/app": program,
});

test.each([
  "quay.io/drover/transfer",
  "quay.io/drover/transfer:v1.2",
  `quay.io/drover/transfer@sha256:${"0".repeat(64)}`,
  `quay.io/drover/transfer:v1@sha256:${"0".repeat(64)}`,
  "localhost:5000/app:latest",
  "localhost:5000/app",
])("%s is found whatever its tag or digest", (image) => {
  expect(registry.find(image)).toBe(program);
});

test.each(["quay.io/drover", "drover/transfer", "localhost:5000/app/more", ""])(
  "%j is no image of the lab",
  (image) => expect(registry.find(image)).toBeUndefined(),
);
