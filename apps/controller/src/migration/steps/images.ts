import { ImageStream } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { done } from "../../runtime/outcome.ts";
import { sourceNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

/** Done when the status says which images will not be there on the target, if any. */
export const reportImages: MigrationStep = {
  name: "CreateDirectImageMigration",
  when: ({ settings }) =>
    !settings.isImageCopyDisabled && !settings.excludedResources.includes("imagestreams"),
  isDone: ({ isPast }) => isPast("CreateDirectImageMigration"),
  async run(scope) {
    const streams: string[] = [];
    for (const namespace of sourceNamespaces(scope)) {
      streams.push(...(await listStreams(scope, namespace)));
    }
    if (streams.length === 0) return done;
    scope.pass.conditions.set({
      type: "ImagesNotCopied",
      category: "Warn",
      durable: true,
      message: `Image streams [] stay on cluster ${scope.source.ref.name}. Push their images to the target's registry before its pods need them.`,
      items: streams,
    });
    return done;
  },
};

async function listStreams({ source }: MigrationScope, namespace: string): Promise<string[]> {
  try {
    const found = await source.cluster.list(ImageStream, { namespace });
    return found.map(({ metadata }) => `${namespace}/${metadata.name ?? ""}`);
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return [];
    throw error;
  }
}
