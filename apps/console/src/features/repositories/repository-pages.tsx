"use client";

import type { CreateStorage } from "@drover/contract";
import type { MigStorage } from "@drover/crds";
import { useQuery } from "@tanstack/react-query";
import { resourceQuery } from "../../shared/api/resources.ts";
import { AsyncView, LoadFailure } from "../../shared/ui/async-view.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { SkeletonForm } from "../../shared/ui/skeleton-form.tsx";
import { useSegment } from "../../shared/url-segment.ts";
import { RepositoryForm, type RepositoryFields } from "./repository-form.tsx";
import { useCreateRepository, useUpdateRepository } from "./repository-queries.ts";

const trail = [{ title: "Replication repositories", href: "/repositories" }];

const nothing: RepositoryFields = {
  name: "",
  bucket: "",
  region: "",
  url: "",
  accessKey: "",
  secretKey: "",
  insecure: false,
  caBundle: "",
};

/** What is known of a repository; its keys are not. */
function fieldsOf({ metadata, spec }: MigStorage): RepositoryFields {
  const { awsBucketName, awsRegion, awsS3Url, insecure, s3CustomCABundle } =
    spec.backupStorageConfig;
  return {
    ...nothing,
    name: metadata.name ?? "",
    bucket: awsBucketName ?? "",
    region: awsRegion ?? "",
    url: awsS3Url ?? "",
    insecure: insecure ?? false,
    caBundle: atob(s3CustomCABundle ?? ""),
  };
}

export function NewRepositoryScreen() {
  const create = useCreateRepository();
  return (
    <>
      <PageHeader title="Add replication repository" trail={trail} />
      <RepositoryForm
        initial={nothing}
        save={(body) => create.mutateAsync(body as CreateStorage)}
      />
    </>
  );
}

/** Changes a repository that is there. Its keys are never read back. */
export function EditRepositoryScreen() {
  const name = useSegment(1);
  const update = useUpdateRepository(name);
  const storages = useQuery(resourceQuery("migstorages"));
  return (
    <>
      <PageHeader title={`Edit ${name}`} here={name} trail={trail} />
      <AsyncView query={storages} title="Replication repository" loading={<SkeletonForm />}>
        {(list) => {
          const storage = list.find(({ metadata }) => metadata.name === name);
          if (storage === undefined)
            return (
              <LoadFailure
                title={`Replication repository ${name}`}
                error={
                  new Error(
                    `There is no replication repository called ${name}. It may have been removed.`,
                  )
                }
                onRetry={() => void storages.refetch()}
              />
            );
          return (
            <RepositoryForm
              initial={fieldsOf(storage)}
              edited={name}
              save={(body) => update.mutateAsync(body)}
            />
          );
        }}
      </AsyncView>
    </>
  );
}
