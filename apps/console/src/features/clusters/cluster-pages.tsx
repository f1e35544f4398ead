"use client";

import { useQuery } from "@tanstack/react-query";
import { resourceQuery } from "../../shared/api/resources.ts";
import { AsyncView, LoadFailure } from "../../shared/ui/async-view.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { SkeletonForm } from "../../shared/ui/skeleton-form.tsx";
import { useSegment } from "../../shared/url-segment.ts";
import { ClusterForm, type ClusterFields } from "./cluster-form.tsx";
import { useCreateCluster, useUpdateCluster } from "./cluster-queries.ts";
import type { CreateCluster } from "@drover/contract";

const trail = [{ title: "Clusters", href: "/clusters" }];

const nothing: ClusterFields = {
  name: "",
  url: "",
  token: "",
  exposedRegistryPath: "",
  insecure: false,
  caBundle: "",
  azureResourceGroup: "",
};

export function NewClusterScreen() {
  const create = useCreateCluster();
  return (
    <>
      <PageHeader title="Add cluster" trail={trail} />
      <ClusterForm initial={nothing} save={(body) => create.mutateAsync(body as CreateCluster)} />
    </>
  );
}

/** Changes a cluster that is there. Its token is never read back. */
export function EditClusterScreen() {
  const name = useSegment(1);
  const update = useUpdateCluster(name);
  const clusters = useQuery(resourceQuery("migclusters"));
  return (
    <>
      <PageHeader title={`Edit ${name}`} here={name} trail={trail} />
      <AsyncView query={clusters} title="Cluster" loading={<SkeletonForm />}>
        {(list) => {
          const cluster = list.find(({ metadata }) => metadata.name === name);
          if (cluster === undefined)
            return (
              <LoadFailure
                title={`Cluster ${name}`}
                error={new Error(`There is no cluster called ${name}. It may have been removed.`)}
                onRetry={() => void clusters.refetch()}
              />
            );
          const { spec } = cluster;
          const initial: ClusterFields = {
            ...nothing,
            name,
            url: spec.url ?? "",
            exposedRegistryPath: spec.exposedRegistryPath ?? "",
            insecure: spec.insecure ?? false,
            caBundle: spec.caBundle === undefined ? "" : atob(spec.caBundle),
            azureResourceGroup: spec.azureResourceGroup ?? "",
          };
          return (
            <ClusterForm
              initial={initial}
              edited={name}
              save={(body) => update.mutateAsync(body)}
            />
          );
        }}
      </AsyncView>
    </>
  );
}
