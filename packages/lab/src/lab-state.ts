import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { writePrivately } from "./lab-identity.ts";
import type { LabLayout } from "./lab-layout.ts";

/** The program that keeps a lab's objects: the one in this process, or a real kube-apiserver. */
export type ApiServerKind = "embedded" | "kube";

const startWith: Readonly<Record<ApiServerKind, string>> = {
  embedded: "npm start",
  kube: "npm start -- --apiserver=kube",
};

/** Notes whose a state folder is. Throws when the other one made it: each would miss the objects of the other. */
export async function claimState(layout: LabLayout, kind: ApiServerKind): Promise<void> {
  const owner = await ownerOf(layout);
  if (owner === undefined) return writePrivately(layout.apiServerKind, `${kind}\n`);
  if (owner === kind) return;
  throw new Error(
    `The clusters in this state folder were made with "${startWith[owner]}", and another API server does not know their objects. Start with that, or begin afresh with --reset.`,
  );
}

/** Folders from before there was a choice are the embedded one's. */
async function ownerOf(layout: LabLayout): Promise<ApiServerKind | undefined> {
  const noted = await readFile(layout.apiServerKind, "utf8").catch(() => undefined);
  if (noted !== undefined) return noted.trim() === "kube" ? "kube" : "embedded";
  return existsSync(layout.seeded) ? "embedded" : undefined;
}
