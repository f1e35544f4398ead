import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writePrivately } from "../lab-identity.ts";
import type { LabLayout } from "../lab-layout.ts";

/** Does something that was not done yet on this state; interrupted, it is done again. */
export async function once(
  layout: LabLayout,
  what: string,
  act: () => Promise<void>,
): Promise<void> {
  const text = await readFile(layout.seeded, "utf8").catch(() => "[]");
  const done = z.array(z.string()).parse(JSON.parse(text));
  if (done.includes(what)) return;
  await act();
  await writePrivately(layout.seeded, JSON.stringify([...done, what]));
}
