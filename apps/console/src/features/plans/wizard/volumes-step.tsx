"use client";

import {
  Alert,
  Bullseye,
  Checkbox,
  Content,
  EmptyState,
  EmptyStateBody,
  FormSelect,
  FormSelectOption,
  Spinner,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { quantityToBytes, type MigPlan, type PlanVolume } from "@drover/crds";
import type { VolumeChoice } from "@drover/contract";
import type { Dispatch } from "react";
import { formatBytes } from "../../../shared/format/bytes.ts";
import { choiceFor, type DraftChange, type PlanDraft } from "./wizard-state.ts";

type Props = {
  readonly draft: PlanDraft;
  /** Undefined until the cluster has told us of the plan. */
  readonly plan: MigPlan | undefined;
  readonly onChange: Dispatch<DraftChange>;
};

/** Whether the controller has finished looking for the plan's volumes. */
export function isDiscovered(plan: MigPlan | undefined): plan is MigPlan {
  const conditions = plan?.status?.conditions ?? [];
  return (
    plan?.spec.refresh !== true &&
    conditions.some(({ type, status }) => type === "PvsDiscovered" && status === "True")
  );
}

// Critical conditions stop the controller before it looks for volumes: waiting longer would not help.
const blockers = (plan: MigPlan | undefined) =>
  (plan?.status?.conditions ?? []).filter(
    ({ category, status }) => category === "Critical" && status === "True",
  );

/** What happens to each volume, and where it lands on the target. */
export function VolumesStep({ draft, plan, onChange }: Props) {
  if (!isDiscovered(plan)) {
    const found = blockers(plan);
    if (found.length > 0)
      return found.map(({ type, message }) => (
        <Alert key={type} isInline component="p" variant="danger" title={message ?? type} />
      ));
    return (
      <Bullseye>
        <EmptyState headingLevel="h3" titleText="Discovering volumes" icon={Spinner}>
          <EmptyStateBody>
            Drover asks {draft.source} which volumes the namespaces use.
          </EmptyStateBody>
        </EmptyState>
      </Bullseye>
    );
  }
  const volumes = plan.spec.persistentVolumes ?? [];
  if (volumes.length === 0)
    return (
      <EmptyState headingLevel="h3" titleText="No volumes">
        <EmptyStateBody>
          The chosen namespaces use no volumes. Only their objects are moved.
        </EmptyStateBody>
      </EmptyState>
    );
  return (
    <>
      <Content component="p">
        A copied volume is compared with its source after the last copy. Verifying reads every file
        on both sides and takes longer.
      </Content>
      <Table aria-label="Volumes" variant="compact">
        <Thead>
          <Tr>
            <Th modifier="nowrap">Claim</Th>
            <Th modifier="nowrap">Namespace</Th>
            <Th modifier="nowrap">Size</Th>
            <Th modifier="nowrap">Class on the source</Th>
            <Th modifier="nowrap">Action</Th>
            <Th modifier="nowrap">Class on the target</Th>
            <Th modifier="nowrap">Verify content</Th>
          </Tr>
        </Thead>
        <Tbody>
          {volumes.map((volume) => (
            <VolumeRow
              key={volume.name}
              volume={volume}
              choice={choiceFor(draft, volume)}
              classes={(plan.status?.destStorageClasses ?? []).flatMap(({ name }) => name ?? [])}
              onChoose={(choice) => {
                onChange({ change: "volume", choice });
              }}
            />
          ))}
        </Tbody>
      </Table>
    </>
  );
}

type RowProps = {
  readonly volume: PlanVolume;
  readonly choice: VolumeChoice;
  readonly classes: readonly string[];
  readonly onChoose: (choice: VolumeChoice) => void;
};

const actionTexts = { copy: "Copy", move: "Move", skip: "Leave out" } as const;

const sizeOf = ({ capacity }: PlanVolume) =>
  capacity === undefined ? "–" : formatBytes(quantityToBytes(capacity));

const claimOf = ({ pvc, name = "" }: PlanVolume) => pvc?.name?.split(":")[0] ?? name;

function VolumeRow({ volume, choice, classes, onChoose }: RowProps) {
  const claim = claimOf(volume);
  const isCopy = choice.action === "copy";
  return (
    <Tr>
      <Td dataLabel="Claim">{claim}</Td>
      <Td dataLabel="Namespace">{volume.pvc?.namespace ?? "–"}</Td>
      <Td dataLabel="Size">{sizeOf(volume)}</Td>
      <Td dataLabel="Class on the source">{volume.storageClass ?? "–"}</Td>
      <Td dataLabel="Action">
        <ActionSelect volume={volume} choice={choice} onChoose={onChoose} />
      </Td>
      <Td dataLabel="Class on the target">
        {isCopy ? (
          <ClassSelect claim={claim} classes={classes} choice={choice} onChoose={onChoose} />
        ) : (
          "–"
        )}
      </Td>
      <Td dataLabel="Verify content">
        <Checkbox
          id={`verify-${choice.pv}`}
          aria-label={`Verify the content of ${claim}`}
          isChecked={isCopy && choice.verify === true}
          isDisabled={!isCopy}
          onChange={(_event, verify) => {
            onChoose({ ...choice, verify });
          }}
        />
      </Td>
    </Tr>
  );
}

function ActionSelect({ volume, choice, onChoose }: Omit<RowProps, "classes">) {
  const supported: readonly string[] = ["skip", ...volume.supported.actions];
  const actions = (Object.keys(actionTexts) as VolumeChoice["action"][]).filter((action) =>
    supported.includes(action),
  );
  return (
    <FormSelect
      aria-label={`Action for ${claimOf(volume)}`}
      value={choice.action}
      onChange={(_event, action) => {
        onChoose({ ...choice, action: action as VolumeChoice["action"] });
      }}
    >
      {actions.map((action) => (
        <FormSelectOption key={action} value={action} label={actionTexts[action]} />
      ))}
    </FormSelect>
  );
}

type ClassProps = Omit<RowProps, "volume"> & { readonly claim: string };

function ClassSelect({ claim, classes, choice, onChoose }: ClassProps) {
  return (
    <FormSelect
      aria-label={`Storage class for ${claim}`}
      value={choice.storageClass ?? ""}
      onChange={(_event, storageClass) => {
        onChoose({ ...choice, storageClass });
      }}
    >
      {choice.storageClass === undefined && (
        <FormSelectOption value="" label="Choose a class" isPlaceholder isDisabled />
      )}
      {classes.map((name) => (
        <FormSelectOption key={name} value={name} label={name} />
      ))}
    </FormSelect>
  );
}
