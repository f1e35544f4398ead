import type { Program } from "./program.ts";

/** The images the lab can run. */
export type ProgramRegistry = {
  /** The program of an image reference, whatever its tag or digest; undefined when the lab has none. */
  find(image: string): Program | undefined;
};

/** The repository of an image reference: `host:port/name:tag@sha256:…` without tag and digest. */
function imageRepository(image: string): string {
  const [withoutDigest = ""] = image.split("@");
  const slash = withoutDigest.lastIndexOf("/");
  const colon = withoutDigest.indexOf(":", slash + 1);
  return colon === -1 ? withoutDigest : withoutDigest.slice(0, colon);
}

/** A registry over programs named by image repository. */
export function programRegistry(programs: Readonly<Record<string, Program>>): ProgramRegistry {
  const byRepository = new Map(Object.entries(programs));
  return { find: (image) => byRepository.get(imageRepository(image)) };
}
