"use client";

import {
  EmptyState,
  EmptyStateBody,
  Label,
  Progress,
  ProgressMeasureLocation,
  ProgressVariant,
  Tooltip,
} from "@patternfly/react-core";
import { CheckCircleIcon, ExclamationCircleIcon } from "@patternfly/react-icons";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { MigMigration, MigPlan } from "@drover/crds";
import { useQuery } from "@tanstack/react-query";
import { resourceQuery } from "../../shared/api/resources.ts";
import { formatBytes } from "../../shared/format/bytes.ts";
import { volumeViews, type Proof, type VolumeState, type VolumeView } from "./volume-view.ts";

type Props = { readonly migration: MigMigration; readonly plan: MigPlan | undefined };

const words: Readonly<Record<VolumeState, string>> = {
  waiting: "Waiting",
  copying: "Copying",
  copied: "Copied",
  failed: "Failed",
  skipped: "Not part of this plan",
  moved: "Moved, not copied",
};

/** Every volume of the run with how far its copy is, and whether the copy was proven. */
export function VolumeTable({ migration, plan }: Props) {
  const copies = useQuery(resourceQuery("directvolumemigrations"));
  const progresses = useQuery(resourceQuery("directvolumemigrationprogresses"));
  const volumes = volumeViews({
    migration,
    plan,
    volumeMigrations: copies.data ?? [],
    progresses: progresses.data ?? [],
  });
  if (volumes.length === 0)
    return (
      <EmptyState headingLevel="h2" titleText="No volumes">
        <EmptyStateBody>
          The namespaces of this plan hold no volumes, so there is no data to copy.
        </EmptyStateBody>
      </EmptyState>
    );
  return (
    <Table aria-label="Volumes" variant="compact">
      <Thead>
        <Tr>
          <Th modifier="nowrap" width={20}>
            Volume
          </Th>
          <Th modifier="nowrap">Namespace</Th>
          <Th modifier="nowrap">Size</Th>
          <Th modifier="nowrap" width={25}>
            Copied
          </Th>
          <Th modifier="nowrap">Rate</Th>
          <Th modifier="nowrap">Time</Th>
          <Th modifier="nowrap">Proof</Th>
        </Tr>
      </Thead>
      <Tbody>
        {volumes.map((volume) => (
          <Tr key={volume.key}>
            <Td dataLabel="Volume">{volume.claim}</Td>
            <Td dataLabel="Namespace">{volume.namespace}</Td>
            <Td dataLabel="Size">
              {volume.sizeBytes === undefined ? "–" : formatBytes(volume.sizeBytes)}
            </Td>
            <Td dataLabel="Copied">
              <Copied volume={volume} />
            </Td>
            <Td dataLabel="Rate">{volume.rate ?? "–"}</Td>
            <Td dataLabel="Time">{volume.elapsed ?? "–"}</Td>
            <Td dataLabel="Proof">
              <ProofLabel proof={volume.proof} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Copied({ volume }: { readonly volume: VolumeView }) {
  const { percent, state, claim } = volume;
  if (percent === undefined) return <>{words[state]}</>;
  const variant =
    state === "failed"
      ? ProgressVariant.danger
      : state === "copied"
        ? ProgressVariant.success
        : undefined;
  return (
    <Progress
      aria-label={`${claim}: ${words[state]}`}
      value={percent}
      measureLocation={ProgressMeasureLocation.outside}
      size="sm"
      {...(variant !== undefined && { variant })}
    />
  );
}

function ProofLabel({ proof }: { readonly proof: Proof | undefined }) {
  if (proof === undefined) return <>–</>;
  const isGood = proof.verdict === "verified";
  return (
    <Tooltip content={proof.text}>
      <Label
        isCompact
        tabIndex={0}
        status={isGood ? "success" : "danger"}
        icon={isGood ? <CheckCircleIcon /> : <ExclamationCircleIcon />}
      >
        {isGood ? "Identical" : "Differs"}
      </Label>
    </Tooltip>
  );
}
