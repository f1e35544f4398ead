import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run-command.ts";

export type Copy = {
  /** The stage it comes from; absent for files of the repository. */
  readonly stage: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
};

export type ImageStage = {
  readonly name: string;
  readonly base: string;
  readonly copies: readonly Copy[];
  readonly command: readonly string[] | undefined;
};

/** The stages of a Dockerfile, as far as it names files. */
export function imageStages(path: string): ImageStage[] {
  const text = readFileSync(join(root, path), "utf8").replaceAll(/^#.*\n/gm, "");
  const stages = text.split(/^FROM /m).slice(1);
  return stages.map((stage) => {
    const [, base = "", name = ""] = /^(\S+)(?: AS (\S+))?/.exec(stage) ?? [];
    const command = /^CMD (\[.*\])$/m.exec(stage)?.[1];
    return {
      name,
      base,
      copies: [...stage.matchAll(/^COPY (.*)$/gm)].map(([, words = ""]) => copyFrom(words)),
      command: command === undefined ? undefined : (JSON.parse(command) as string[]),
    };
  });
}

function copyFrom(text: string): Copy {
  const words = text.split(/\s+/);
  const stage = words.find((word) => word.startsWith("--from="))?.slice("--from=".length);
  const paths = words.filter((word) => !word.startsWith("--"));
  return { stage, sources: paths.slice(0, -1), target: paths.at(-1) ?? "" };
}

/** Whether a stage of the image, or one it is built on, has a file of the repository. */
export function imageHas(stages: readonly ImageStage[], stage: string, file: string): boolean {
  const found = stages.find(({ name }) => name === stage);
  if (found === undefined || !existsSync(join(root, file))) return false;
  const isCopied = found.copies.some(
    (copy) =>
      copy.stage === undefined &&
      copy.sources.some((source) => file === source || file.startsWith(`${source}/`)),
  );
  return isCopied || imageHas(stages, found.base, file);
}
