"use client";

import { Form, FormFieldGroup, FormFieldGroupHeader, Label, Radio } from "@patternfly/react-core";
import type { MigCluster } from "@drover/crds";
import { useQuery } from "@tanstack/react-query";
import type { Dispatch } from "react";
import { resourceQuery } from "../../../shared/api/resources.ts";
import type { DraftChange, PlanDraft } from "./wizard-state.ts";

type Props = { readonly draft: PlanDraft; readonly onChange: Dispatch<DraftChange> };

/** Why images cannot go straight from registry to registry; undefined when they can. */
export function directImagesRefused(
  draft: PlanDraft,
  clusters: readonly MigCluster[],
): string | undefined {
  const without = [draft.source, draft.target].filter(
    (name) =>
      clusters.find(({ metadata }) => metadata.name === name)?.status?.registryPath === undefined,
  );
  if (without.length === 0) return undefined;
  return `Set the image registry route of ${without.join(" and ")} under Clusters to copy images directly.`;
}

/** Which way data takes. */
export function OptionsStep({ draft, onChange }: Props) {
  const set = (values: Partial<PlanDraft>) => {
    onChange({ change: "set", values });
  };
  return (
    <Form
      isWidthLimited
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <VolumesWay draft={draft} set={set} />
      <ImagesWay draft={draft} set={set} />
    </Form>
  );
}

type WayProps = {
  readonly draft: PlanDraft;
  readonly set: (values: Partial<PlanDraft>) => void;
};

function VolumesWay({ draft, set }: WayProps) {
  return (
    <FormFieldGroup
      header={
        <FormFieldGroupHeader
          titleText={{ text: "Volumes", id: "volumes-way" }}
          titleDescription="How the data of copied volumes gets to the target."
        />
      }
    >
      <Radio
        id="volumes-direct"
        name="volumes"
        label="Directly, from cluster to cluster"
        description="Quickest. Pods of both clusters talk over an encrypted connection; later copies send only what changed."
        isChecked={draft.directVolumes}
        onChange={() => {
          set({ directVolumes: true });
        }}
      />
      <Radio
        id="volumes-indirect"
        name="volumes"
        label="Through the replication repository"
        description="For clusters that cannot reach each other. Data is written to the object store and read from there."
        isChecked={!draft.directVolumes}
        onChange={() => {
          set({ directVolumes: false });
        }}
      />
    </FormFieldGroup>
  );
}

function ImagesWay({ draft, set }: WayProps) {
  const clusters = useQuery(resourceQuery("migclusters"));
  const refused = directImagesRefused(draft, clusters.data ?? []);
  const isDirect = draft.directImages && refused === undefined;
  const verdict =
    refused === undefined ? (
      <Label isCompact status="success">
        Direct copy available
      </Label>
    ) : (
      <Label isCompact>Direct copy unavailable</Label>
    );
  return (
    <FormFieldGroup
      header={
        <FormFieldGroupHeader
          titleText={{ text: <>Images {verdict}</>, id: "images-way" }}
          titleDescription={refused ?? "How images of the internal registry get to the target."}
        />
      }
    >
      <Radio
        id="images-direct"
        name="images"
        label="Directly, from registry to registry"
        isDisabled={refused !== undefined}
        isChecked={isDirect}
        onChange={() => {
          set({ directImages: true });
        }}
      />
      <Radio
        id="images-indirect"
        name="images"
        label="Through the replication repository"
        isChecked={!isDirect}
        onChange={() => {
          set({ directImages: false });
        }}
      />
    </FormFieldGroup>
  );
}
