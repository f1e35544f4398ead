import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { quantityToBytes, type MigPlan, type PlanVolume } from "@drover/crds";
import { formatBytes } from "../../shared/format/bytes.ts";

const actionTexts: Readonly<Record<string, string>> = {
  copy: "Copy",
  move: "Move",
  skip: "Leave out",
};

/** The volumes of a plan and what was chosen for each. */
export function PlanVolumes({ plan }: { readonly plan: MigPlan }) {
  const volumes = plan.spec.persistentVolumes ?? [];
  if (volumes.length === 0)
    return (
      <EmptyState headingLevel="h2" titleText="No volumes">
        <EmptyStateBody>
          The namespaces of this plan use no volumes, or they were not looked for yet.
        </EmptyStateBody>
      </EmptyState>
    );
  return (
    <Table aria-label="Volumes" variant="compact">
      <Thead>
        <Tr>
          <Th modifier="nowrap">Claim</Th>
          <Th modifier="nowrap">Namespace</Th>
          <Th modifier="nowrap">Size</Th>
          <Th modifier="nowrap">Action</Th>
          <Th modifier="nowrap">Class on the source</Th>
          <Th modifier="nowrap">Class on the target</Th>
          <Th modifier="nowrap">Verify content</Th>
        </Tr>
      </Thead>
      <Tbody>
        {volumes.map((volume) => (
          <VolumeRow key={volume.name} volume={volume} />
        ))}
      </Tbody>
    </Table>
  );
}

const sizeOf = ({ capacity }: PlanVolume) =>
  capacity === undefined ? "–" : formatBytes(quantityToBytes(capacity));

function VolumeRow({ volume }: { readonly volume: PlanVolume }) {
  const { name, pvc, storageClass, selection } = volume;
  return (
    <Tr>
      <Td dataLabel="Claim">{pvc?.name ?? name}</Td>
      <Td dataLabel="Namespace">{pvc?.namespace ?? "–"}</Td>
      <Td dataLabel="Size">{sizeOf(volume)}</Td>
      <Td dataLabel="Action">{actionTexts[selection.action ?? ""] ?? "Not chosen"}</Td>
      <Td dataLabel="Class on the source">{storageClass ?? "–"}</Td>
      <Td dataLabel="Class on the target">{selection.storageClass ?? "–"}</Td>
      <Td dataLabel="Verify content">{selection.verify === true ? "Yes" : "No"}</Td>
    </Tr>
  );
}
